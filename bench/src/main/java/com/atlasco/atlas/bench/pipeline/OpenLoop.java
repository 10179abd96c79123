package com.atlasco.atlas.bench.pipeline;

import com.atlasco.atlas.bench.Samples;
import com.atlasco.atlas.bench.http.HttpConnection;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests that become due at a steady rate, whether or not those before them have been answered. One that finds no free
 * connection waits, and its time runs; one that has not been sent when the time is up counts as not sent. Used once.
 */
final class OpenLoop {

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI url;
    private final double perSecond;
    private final long count;
    private final long nanos;
    private final Maker maker;
    private final Listener listener;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong unsent = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final Samples micros = new Samples();
    private final List<Thread> lanes = new ArrayList<>();
    private volatile long started;

    /** Makes requests, from many threads. */
    interface Maker {
        Request make();
    }

    /** One request. */
    static final class Request {
        private final byte[] bytes;
        private final int weight;

        /**
         * Keeps the bytes themselves, which must not change.
         *
         * @param weight what the listener is told of it, such as the entities in it
         */
        Request(byte[] bytes, int weight) {
            this.bytes = bytes;
            this.weight = weight;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    /** Hears answers, from many threads. */
    interface Listener {
        /** Says whether it is what was hoped for. */
        boolean heard(HttpConnection.Response response, int weight);
    }

    /**
     * How it went.
     *
     * @param sent requests that were answered, well or not
     * @param unsent requests that became due and could not be sent before the time was up
     * @param failures of those sent
     * @param micros from the moment a request was due until its answer had come
     */
    record Outcome(long sent, long unsent, long failures, Samples micros) {}

    OpenLoop(String name, URI url, int connections, double perSecond, Duration length, Maker maker, Listener listener) {
        this.url = url;
        this.perSecond = perSecond;
        this.nanos = length.toNanos();
        this.count = (long) (perSecond * nanos / TimeUnit.SECONDS.toNanos(1));
        this.maker = maker;
        this.listener = listener;
        for (int i = 0; i < connections; i++) {
            lanes.add(
                    Thread.ofPlatform().daemon().name("bench-" + name + "-" + i).unstarted(this::lane));
        }
    }

    void start() {
        started = System.nanoTime();
        lanes.forEach(Thread::start);
    }

    /** Waits until the time is up and what was sent has been answered. */
    Outcome await() throws InterruptedException {
        for (Thread lane : lanes) {
            if (!lane.join(Duration.ofNanos(nanos).plus(PATIENCE))) {
                throw new IllegalStateException("no answer within " + PATIENCE.toSeconds() + " s");
            }
        }
        return new Outcome(micros.count() + failures.get(), unsent.get(), failures.get(), micros);
    }

    private void lane() {
        while (next.get() < count) {
            try (HttpConnection connection = HttpConnection.open(url)) {
                exchange(connection);
            } catch (IOException broken) {
                failures.incrementAndGet();
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            }
        }
    }

    private void exchange(HttpConnection connection) throws IOException {
        while (true) {
            long index = next.getAndIncrement();
            if (index >= count) {
                return;
            }
            if (System.nanoTime() - started > nanos) {
                unsent.incrementAndGet();
                continue;
            }
            // Made before it is due: what is measured is Atlas.
            Request request = maker.make();
            long due = started + (long) (index * TimeUnit.SECONDS.toNanos(1) / perSecond);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            HttpConnection.Response response = connection.exchange(request.bytes);
            if (listener.heard(response, request.weight)) {
                micros.add((System.nanoTime() - due) / 1_000);
            } else {
                failures.incrementAndGet();
            }
        }
    }
}
