package com.atlasco.atlas.bench.pipeline;

import com.atlasco.atlas.bench.Samples;
import com.atlasco.atlas.bench.http.HttpConnection;
import com.atlasco.atlas.bench.http.Requests;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Looks at the status ten times a second: bounds, backlog, and the log that the slot retains. Used once. */
final class StatusWatch implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PERIOD = Duration.ofMillis(100);

    private final URI url;
    private final List<Look> looks = new ArrayList<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("bench-status").unstarted(this::watch);
    private volatile boolean closed;

    /**
     * One look. What the status does not know is empty.
     *
     * @param replicaMillis the replica's staleness bound
     * @param olapMillis the columnar store's
     * @param changesApplied by capture, ever
     */
    record Look(
            OptionalLong replicaMillis,
            OptionalLong olapMillis,
            OptionalLong backlogBytes,
            OptionalLong retainedBytes,
            long changesApplied) {

        static Look at(HttpConnection connection) throws IOException {
            JsonNode status = MAPPER.readTree(connection
                    .exchange(Requests.get("/status", PipelineSettings.TENANT, List.of()))
                    .body());
            return new Look(
                    bound(status, "replica"),
                    bound(status, "olap"),
                    number(status.at("/capture/lag/backlog_bytes")),
                    number(status.at("/capture/slot/retained_bytes")),
                    status.at("/capture/changes_applied").asLong());
        }

        private static OptionalLong bound(JsonNode status, String name) {
            for (JsonNode source : status.path("sources")) {
                if (source.path("name").asText().equals(name)) {
                    return number(source.path("bound_ms"));
                }
            }
            return OptionalLong.empty();
        }

        private static OptionalLong number(JsonNode value) {
            return value.isNumber() ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
        }
    }

    private StatusWatch(URI url) {
        this.url = url;
    }

    static StatusWatch start(URI url) {
        StatusWatch watch = new StatusWatch(url);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        long due = System.nanoTime();
        while (!closed) {
            try (HttpConnection connection = HttpConnection.open(url)) {
                while (!closed) {
                    Look look = Look.at(connection);
                    synchronized (looks) {
                        looks.add(look);
                    }
                    due += PERIOD.toNanos();
                    LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
                }
            } catch (IOException away) {
                // Not known then, as any look that knows nothing.
                synchronized (looks) {
                    looks.add(new Look(
                            OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), 0));
                }
                LockSupport.parkNanos(PERIOD.toNanos());
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        LockSupport.unpark(thread);
        thread.join();
    }

    /** In their order; to be called when this is closed. */
    List<Look> looks() {
        synchronized (looks) {
            return List.copyOf(looks);
        }
    }

    /** What is known of one thing, in its order. */
    static LongStream known(List<Look> looks, Function<Look, OptionalLong> what) {
        return looks.stream().map(what).flatMapToLong(OptionalLong::stream);
    }

    static Samples samples(List<Look> looks, Function<Look, OptionalLong> what) {
        Samples samples = new Samples();
        known(looks, what).forEach(samples::add);
        return samples;
    }
}
