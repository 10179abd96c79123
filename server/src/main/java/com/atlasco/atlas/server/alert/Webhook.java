package com.atlasco.atlas.server.alert;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts messages to one address, in their order, from a thread of its own. What fails is tried again after growing pauses;
 * what the address refuses for good, by a status of 300 to 499 other than 408, 425 and 429, is not. Thread-safe.
 */
final class Webhook implements AutoCloseable {

    /** What becomes of messages; called by any thread: must be thread-safe, and not throw. */
    interface Deliveries {

        /** A message was taken. */
        void delivered();

        /** An attempt failed, and there will be another. */
        void retried();

        /** A message was given up. */
        void lost();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private final URI address;
    private final WebhookSettings settings;
    private final Deliveries deliveries;
    private final HttpClient http;
    private final Deque<byte[]> messages = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition something = lock.newCondition();
    private final Thread thread;

    /** Whether the last attempt failed; of the thread. */
    private boolean failing;

    private Webhook(URI address, WebhookSettings settings, Deliveries deliveries) {
        this.address = address;
        this.settings = settings;
        this.deliveries = deliveries;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.timeout())
                .build();
        this.thread = Thread.ofPlatform().daemon().name("atlas-webhook").unstarted(this::run);
    }

    static Webhook start(URI address, WebhookSettings settings, Deliveries deliveries) {
        Webhook webhook = new Webhook(address, settings, deliveries);
        webhook.thread.start();
        return webhook;
    }

    /** Leaves a message to be posted, and never waits: when too many wait already, the oldest is given up. */
    void post(byte[] message) {
        lock.lock();
        try {
            if (messages.size() >= settings.queue()) {
                messages.removeFirst();
                deliveries.lost();
            }
            messages.addLast(message);
            something.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                deliver(next());
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (messages.isEmpty()) {
                something.await();
            }
            return messages.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    private void deliver(byte[] message) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Outcome outcome = attempt(message);
            switch (outcome) {
                case Outcome.Taken _ -> {
                    deliveries.delivered();
                    if (failing) {
                        LOG.info("The webhook at {} takes messages again", host());
                    }
                    failing = false;
                    return;
                }
                case Outcome.Failed(String why, boolean passing) -> {
                    if (!failing) {
                        LOG.warn("The webhook at {} cannot be told: {}", host(), why);
                    }
                    failing = true;
                    if (!passing || attempt >= settings.attempts()) {
                        deliveries.lost();
                        return;
                    }
                    deliveries.retried();
                    TimeUnit.NANOSECONDS.sleep(settings.pause(attempt).toNanos());
                }
            }
        }
    }

    private sealed interface Outcome {
        record Taken() implements Outcome {}

        record Failed(String why, boolean passing) implements Outcome {}
    }

    private Outcome attempt(byte[] message) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(settings.timeout())
                    .header("Content-Type", "application/json")
                    .header("User-Agent", "atlas")
                    .POST(BodyPublishers.ofByteArray(message))
                    .build();
            int status = http.send(request, BodyHandlers.discarding()).statusCode();
            return status / 100 == 2
                    ? new Outcome.Taken()
                    : new Outcome.Failed("status " + status, status >= 500 || PASSING.contains(status));
        } catch (IOException | RuntimeException failed) {
            return new Outcome.Failed(failed.toString(), true);
        }
    }

    /** The path may hold a secret. */
    private String host() {
        return address.getScheme() + "://" + address.getAuthority();
    }

    /** Stops at once; what has not been delivered is given up. */
    @Override
    public void close() {
        thread.interrupt();
        http.shutdownNow();
        try {
            thread.join(STOP_TIMEOUT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
