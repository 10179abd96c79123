package com.atlasco.atlas.bench.http;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Streams batches over some connections at once, and reads their results while sending. */
public final class BatchLoad {

    private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);

    private BatchLoad() {}

    /** One request: NDJSON of one tenant. */
    public static final class Batch {
        private final long tenant;
        private final byte[] lines;
        private final int entities;

        /** Keeps the lines themselves, which must not change. */
        public Batch(long tenant, byte[] lines, int entities) {
            this.tenant = tenant;
            this.lines = lines;
            this.entities = entities;
        }
    }

    /**
     * Sends what each connection is given, one request after another, and returns when all has been answered.
     *
     * @throws IOException when an item was refused, with the first refusal
     */
    public static void run(URI url, List<List<Batch>> connections) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("bench-batch-", 0).factory())) {
            List<Future<?>> lanes = new ArrayList<>();
            for (List<Batch> batches : connections) {
                lanes.add(threads.submit(() -> {
                    lane(url, batches, threads);
                    return batches;
                }));
            }
            for (Future<?> lane : lanes) {
                await(lane);
            }
        }
    }

    private static void lane(URI url, List<Batch> batches, ExecutorService threads)
            throws IOException, InterruptedException {
        try (HttpConnection connection = HttpConnection.open(url)) {
            for (Batch batch : batches) {
                Future<?> sending = threads.submit(() -> {
                    send(connection, batch);
                    return batch;
                });
                Results results = new Results();
                int status = connection.read(results);
                await(sending);
                results.check(status, batch.entities);
            }
        }
    }

    private static void send(HttpConnection connection, Batch batch) throws IOException {
        connection
                .out()
                .write(Requests.bodyHead(
                        "POST",
                        "/api/v1/entities:batch",
                        batch.tenant,
                        "application/x-ndjson",
                        List.of("Accept: application/x-ndjson"),
                        batch.lines.length));
        connection.out().write(batch.lines);
    }

    private static void await(Future<?> future) throws IOException, InterruptedException {
        try {
            future.get();
        } catch (ExecutionException failed) {
            throw new IOException("a batch failed: " + failed.getCause(), failed.getCause());
        }
    }

    /** Counts the lines of results, and keeps the first that is an error. */
    private static final class Results implements ResponseParser.Body {
        private final StringBuilder line = new StringBuilder();
        private int lines;
        private int matched;
        private boolean refused;
        private String firstRefusal = "";

        @Override
        public void part(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                byte next = bytes.get();
                line.append((char) (next & 0xff));
                if (next == '\n') {
                    endLine();
                } else if (matched < ERROR.length) {
                    matched = next == ERROR[matched] ? matched + 1 : next == ERROR[0] ? 1 : 0;
                    refused |= matched == ERROR.length;
                }
            }
        }

        private void endLine() {
            lines++;
            if (refused && firstRefusal.isEmpty()) {
                firstRefusal = line.toString().strip();
            }
            refused = false;
            matched = 0;
            line.setLength(0);
        }

        void check(int status, int expected) throws IOException {
            if (!firstRefusal.isEmpty()) {
                throw new IOException("an item of a batch was refused: " + firstRefusal);
            }
            if (status != 200 || lines != expected) {
                throw new IOException("a batch of %,d answered %d with %,d results: %s"
                        .formatted(expected, status, lines, line.toString().strip()));
            }
        }
    }
}
