package com.atlasco.atlas.bench.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestLoadTest {

    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch stall = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            int request = requests.incrementAndGet();
            if (exchange.getRequestURI().getPath().equals("/stall") && request == 1) {
                try {
                    stall.await(300, TimeUnit.MILLISECONDS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            int status = exchange.getRequestURI().getPath().equals("/refuse") && request % 2 == 0 ? 503 : 200;
            byte[] body = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.close();
    }

    @Test
    void aClosedLoopSendsEveryRequestOnce() throws IOException {
        RequestLoad.Outcome outcome;
        try (RequestLoad load = RequestLoad.open(url(), 4)) {
            outcome = load.closedLoop(get("/", 200));
        }

        assertThat(requests).hasValue(200);
        assertThat(outcome.micros().count()).isEqualTo(200);
        assertThat(outcome.refused()).isZero();
    }

    @Test
    void whatWaitsBehindAStallIsTimedFromWhenItWasDue() throws IOException {
        RequestLoad.Outcome outcome;
        try (RequestLoad load = RequestLoad.open(url(), 1)) {
            outcome = load.openLoop(get("/stall", 60), 200);
        }

        // The first stalls 300 ms. Requests fall due every 5 ms behind it: a client that began to time them when they
        // were sent would see one slow one, and a median of well under a millisecond.
        assertThat(outcome.micros().count()).isEqualTo(60);
        assertThat(outcome.micros().percentile(50)).isGreaterThan(50_000);
    }

    @Test
    void refusedRequestsAreCountedAndNotTimed() throws IOException {
        RequestLoad.Outcome outcome;
        try (RequestLoad load = RequestLoad.open(url(), 1)) {
            outcome = load.closedLoop(get("/refuse", 10));
        }

        assertThat(outcome.refused()).isEqualTo(5);
        assertThat(outcome.micros().count()).isEqualTo(5);
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static List<byte[]> get(String path, int count) {
        return Collections.nCopies(count, Requests.get(path, 1, List.of()));
    }
}
