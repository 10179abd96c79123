package com.atlasco.atlas.bench.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that lies now and then is found out. */
@Timeout(60)
class ReaderTest {

    private static final int READS = 2_000;
    private static final int LIE = 100;

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger lies = new AtomicInteger();
    private final Subject subject = Subject.of(0, 1);
    private final Phase phase = new Phase("test");
    private final Stage stage = new Stage(phase);
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private volatile boolean honest;

    @BeforeEach
    void serve() throws IOException {
        subject.log().acknowledged(10, System.nanoTime());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            int request = requests.incrementAndGet();
            String pinned = exchange.getRequestHeaders().getFirst("X-Data-Source");
            boolean primary = pinned == null || pinned.equals("primary");
            boolean refused = !primary
                    && exchange.getRequestHeaders()
                            .getFirst("X-Max-Acceptable-Lag-Ms")
                            .equals("0");
            boolean lie = !honest && !refused && request % LIE == 0;
            if (lie) {
                lies.incrementAndGet();
            }
            byte[] body = "{\"counter_1\":%d}".formatted(lie ? 9 : 10).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("X-Data-Source", pinned == null ? "primary" : pinned);
            exchange.getResponseHeaders().set("X-Actual-Lag-Ms", "0");
            exchange.getResponseHeaders().set("X-Consistency-Token", "token-" + request);
            if (request == READS) {
                stage.end();
            }
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(refused ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void everyStaleAnswerIsCountedOnce() {
        read();
        assertThat(phase.reads() + phase.refused.sum()).isEqualTo(READS);
        assertThat(lies).hasPositiveValue();
        assertThat(violations).hasSize(lies.get()).allMatch(what -> what.startsWith("misses 10"));
        assertThat(phase.violations()).isEqualTo(lies.get());
    }

    @Test
    void anHonestServerBreaksNothing() {
        honest = true;
        read();
        assertThat(phase.reads() + phase.refused.sum()).isEqualTo(READS);
        assertThat(violations).isEmpty();
        assertThat(phase.tokensPresented.sum()).as("tokens are presented").isPositive();
    }

    private void read() {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        new Reader(url, List.of(subject), stage, new SplittableRandom(7), violations::add).run();
    }
}
