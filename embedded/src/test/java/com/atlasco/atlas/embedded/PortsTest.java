package com.atlasco.atlas.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PortsTest {

    @TempDir
    private Path directory;

    @Test
    void portsAreRememberedWhileTheyAreFree() throws Exception {
        Path file = directory.resolve("ports");
        Ports first = Ports.choose(file);
        assertThat(first.primary()).isNotEqualTo(first.replica());
        assertThat(Ports.choose(file)).isEqualTo(first);
        try (ServerSocket taken = new ServerSocket(first.replica(), 1, InetAddress.getLoopbackAddress())) {
            Ports second = Ports.choose(file);
            assertThat(second.primary()).isEqualTo(first.primary());
            assertThat(second.replica()).isNotEqualTo(taken.getLocalPort());
            assertThat(Ports.remembered(file)).contains(second);
        }
    }

    @Test
    void fileThatIsNotOursIsIgnored() throws Exception {
        Path file = Files.writeString(directory.resolve("ports"), "primary=70000\nreplica=1\n");
        assertThat(Ports.remembered(file)).isEmpty();
        assertThat(Ports.choose(file).primary()).isPositive();
        assertThat(Ports.parse("primary=5\nreplica=5\n")).isEmpty();
        assertThat(Ports.parse(new Ports(5, 6).format())).contains(new Ports(5, 6));
    }
}
