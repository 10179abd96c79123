package com.atlasco.atlas.bench.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that answers every byte with the next one. */
@Timeout(60)
class RelayTest {

    private static final Duration DELAY = Duration.ofMillis(150);

    private final Line line = new Line();
    private ServerSocket server;
    private Relay relay;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
        relay = Relay.to(address(server.getLocalPort()), line);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> answer(client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void answer(Socket client) {
        try (client) {
            for (int read = client.getInputStream().read();
                    read >= 0;
                    read = client.getInputStream().read()) {
                client.getOutputStream().write(read + 1);
            }
        } catch (IOException gone) {
            // So is the client.
        }
    }

    @AfterEach
    void close() throws IOException {
        line.become(Conditions.PERFECT);
        relay.close();
        server.close();
    }

    @Test
    void bytesPassBothWaysAndAnEndPassesToo() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, 7)).isEqualTo(8);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(line.toServer().arrived()).isEqualTo(1);
        assertThat(line.toClient().arrived()).isEqualTo(1);
    }

    @Test
    void aDelayIsOfEachWayByItself() throws IOException {
        try (Socket client = connect()) {
            line.toServer().become(Conditions.delayed(DELAY, Duration.ZERO));
            assertThat(asked(client)).isGreaterThanOrEqualTo(DELAY).isLessThan(DELAY.multipliedBy(20));
            line.toClient().become(Conditions.delayed(DELAY, Duration.ZERO));
            assertThat(asked(client)).isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
        }
    }

    @Test
    void stallsHoldUpWhatFollows() throws IOException {
        try (Socket client = connect()) {
            line.toClient().become(Conditions.lossy(1, DELAY.multipliedBy(2)));
            assertThat(asked(client)).isGreaterThanOrEqualTo(DELAY.dividedBy(2));
        }
    }

    @Test
    void aNarrowLineTakesItsTime() throws IOException {
        try (Socket client = connect()) {
            line.toServer().become(Conditions.throttled(20));
            long begun = System.nanoTime();
            for (int i = 0; i < 5; i++) {
                assertThat(ask(client, i)).isEqualTo(i + 1);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void whatIsHeldOneWayArrivesWhenTheLineIsWholeAgain() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, 1)).isEqualTo(2);
            line.toClient().become(Conditions.HELD);
            client.getOutputStream().write(5);
            client.setSoTimeout(200);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            assertThat(line.toServer().arrived()).as("the other way goes on").isEqualTo(2);
            assertThat(line.toClient().underWay()).isEqualTo(1);
            line.become(Conditions.PERFECT);
            client.setSoTimeout(0);
            assertThat(client.getInputStream().read()).isEqualTo(6);
            assertThat(line.toClient().underWay()).isZero();
        }
    }

    @Test
    void aResetEndsConnectionsAndLetsNewOnesBeMade() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, 1)).isEqualTo(2);
            line.reset();
            assertThatThrownBy(() -> ask(client, 2)).isInstanceOf(SocketException.class);
        }
        try (Socket client = connect()) {
            assertThat(ask(client, 3)).isEqualTo(4);
        }
    }

    @Test
    void aProxyTellsLinesApartByTheServersPort() throws IOException {
        Line other = new Line();
        try (Relay proxy = Relay.socks(port -> port == server.getLocalPort() ? line : other);
                Socket client = new Socket(new Proxy(Proxy.Type.SOCKS, address(proxy.port())))) {
            client.connect(address(server.getLocalPort()));
            assertThat(ask(client, 9)).isEqualTo(10);
            assertThat(line.connections()).isEqualTo(1);
            assertThat(other.connections()).isZero();
        }
    }

    @Test
    void aProxySaysThatNobodyListens() throws IOException {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closed.getLocalPort();
        }
        try (Relay proxy = Relay.socks(port -> line);
                Socket client = new Socket(new Proxy(Proxy.Type.SOCKS, address(proxy.port())))) {
            assertThatThrownBy(() -> client.connect(address(nobody))).isInstanceOf(SocketException.class);
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket();
        client.connect(address(relay.port()));
        return client;
    }

    private static int ask(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        int answer = client.getInputStream().read();
        if (answer < 0) {
            throw new SocketException("ended");
        }
        return answer;
    }

    private static Duration asked(Socket client) throws IOException {
        long begun = System.nanoTime();
        assertThat(ask(client, 1)).isEqualTo(2);
        return Duration.of(System.nanoTime() - begun, TimeUnit.NANOSECONDS.toChronoUnit());
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
