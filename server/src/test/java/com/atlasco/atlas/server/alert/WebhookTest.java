package com.atlasco.atlas.server.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookTest {

    private static final WebhookSettings QUICK =
            new WebhookSettings(4, 3, Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofSeconds(10));
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<Integer> statuses = new CopyOnWriteArrayList<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final Counts counts = new Counts();

    private static final class Counts implements Webhook.Deliveries {
        private final AtomicInteger delivered = new AtomicInteger();
        private final AtomicInteger retried = new AtomicInteger();
        private final AtomicInteger lost = new AtomicInteger();

        @Override
        public void delivered() {
            delivered.incrementAndGet();
        }

        @Override
        public void retried() {
            retried.incrementAndGet();
        }

        @Override
        public void lost() {
            lost.incrementAndGet();
        }
    }

    WebhookTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.createContext("/closed", exchange -> {
            try {
                open.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            take(exchange);
        });
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(statuses.isEmpty() ? 204 : statuses.removeFirst(), -1);
        }
    }

    private Webhook webhook(String path) {
        return Webhook.start(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), QUICK, counts);
    }

    private static byte[] message(int number) {
        return ("{\"number\":" + number + "}").getBytes(StandardCharsets.UTF_8);
    }

    @AfterEach
    void stop() {
        open.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void messagesArriveInTheirOrderAndOneThatFailsIsTriedAgain() {
        statuses.addAll(List.of(503, 429));
        try (Webhook webhook = webhook("/")) {
            webhook.post(message(1));
            webhook.post(message(2));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(counts.delivered).hasValue(2));
        }
        assertThat(received)
                .containsExactly(
                        "POST application/json {\"number\":1}",
                        "POST application/json {\"number\":1}",
                        "POST application/json {\"number\":1}",
                        "POST application/json {\"number\":2}");
        assertThat(counts.retried).hasValue(2);
        assertThat(counts.lost).hasValue(0);
    }

    @Test
    void afterTheLastAttemptAMessageIsGivenUpAndTheNextIsTried() {
        statuses.addAll(List.of(500, 500, 500));
        try (Webhook webhook = webhook("/")) {
            webhook.post(message(1));
            webhook.post(message(2));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(counts.delivered).hasValue(1));
        }
        assertThat(received).hasSize(4).last().asString().contains("2");
        assertThat(counts.lost).hasValue(1);
        assertThat(counts.retried).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 404, 410})
    void whatIsRefusedForGoodIsNotTriedAgain(int status) {
        statuses.add(status);
        try (Webhook webhook = webhook("/")) {
            webhook.post(message(1));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(counts.lost).hasValue(1));
            webhook.post(message(2));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(counts.delivered).hasValue(1));
        }
        assertThat(received).hasSize(2);
        assertThat(counts.retried).hasValue(0);
    }

    @Test
    void nobodyWaitsForAnAddressThatHangsAndTheOldestAreGivenUp() {
        try (Webhook webhook = webhook("/closed")) {
            // All but the first, which may be on its way, wait; four have room.
            IntStream.rangeClosed(1, 20).forEach(number -> webhook.post(message(number)));
            assertThat(counts.lost.get()).isBetween(15, 16);
            assertThat(counts.delivered).hasValue(0);
            open.countDown();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(received).last().asString().contains("20"));
        }
        assertThat(received.size()).isBetween(4, 5);
    }

    @Test
    void anAddressWhereNobodyListensLosesTheMessageOnly() {
        server.stop(0);
        try (Webhook webhook = webhook("/")) {
            webhook.post(message(1));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(counts.lost).hasValue(1));
        }
        assertThat(counts.retried).hasValue(2);
    }

    @Test
    void closingDoesNotWaitForAnAddressThatHangs() {
        Webhook webhook = webhook("/closed");
        webhook.post(message(1));
        long begun = System.nanoTime();
        webhook.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void pausesGrowToTheLongest() {
        WebhookSettings settings = WebhookSettings.defaults();
        assertThat(IntStream.of(1, 2, 3, 7, 9, 100).mapToObj(settings::pause))
                .extracting(Duration::toMillis)
                .containsExactly(500L, 1_000L, 2_000L, 30_000L, 30_000L, 30_000L);
    }
}
