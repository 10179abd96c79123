package com.atlasco.atlas.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PortsTest {

    @TempDir
    private Path directory;

    @Test
    void portsAreRememberedWhileTheyAreFree() throws Exception {
        Path file = directory.resolve("ports");
        Ports first = Ports.choose(file, 1);
        assertThat(first.primary()).isNotEqualTo(first.replica(1));
        assertThat(Ports.choose(file, 1)).isEqualTo(first);
        try (ServerSocket taken = new ServerSocket(first.replica(1), 1, InetAddress.getLoopbackAddress())) {
            Ports second = Ports.choose(file, 1);
            assertThat(second.primary()).isEqualTo(first.primary());
            assertThat(second.replica(1)).isNotEqualTo(taken.getLocalPort());
            assertThat(Ports.remembered(file)).contains(second);
        }
    }

    @Test
    void fileThatIsNotOursIsIgnored() throws Exception {
        Path file = Files.writeString(directory.resolve("ports"), "primary=70000\nreplica=1\n");
        assertThat(Ports.remembered(file)).isEmpty();
        assertThat(Ports.choose(file, 1).primary()).isPositive();
        assertThat(Ports.parse("primary=5\nreplica=5\n")).isEmpty();
        assertThat(Ports.parse(new Ports(5, List.of(6)).format())).contains(new Ports(5, List.of(6)));
    }

    @Test
    void theFirstPortsStayWhenReplicasComeAndGo() throws Exception {
        Path file = directory.resolve("ports");
        Ports one = Ports.choose(file, 1);
        Ports three = Ports.choose(file, 3);
        assertThat(three.primary()).isEqualTo(one.primary());
        assertThat(three.replicas()).hasSize(3).doesNotHaveDuplicates().startsWith(one.replica(1));
        assertThat(Ports.choose(file, 0)).isEqualTo(three);
        assertThat(Ports.parse(three.format())).contains(three);
        assertThat(Ports.parse("primary=5\nreplica=6\nreplica-3=7\n")).isEmpty();
    }
}
