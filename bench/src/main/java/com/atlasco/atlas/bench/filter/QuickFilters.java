package com.atlasco.atlas.bench.filter;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Filters asked of Atlas over two connections, again and again. What takes long is not asked again: it is code that has to
 * become warm, not data.
 */
final class QuickFilters {

    private static final int CONNECTIONS = 2;
    /** At first everything takes long. */
    private static final int ROUNDS_OF_ALL = 2;

    private static final int FEWEST = 10;

    private static final long LONG_NANOS = Duration.ofMillis(20).toNanos();

    private final URI url;
    private final long tenant;
    private final List<Deque<FilterCase>> lanes = new ArrayList<>();
    private int rounds;

    QuickFilters(URI url, long tenant, List<FilterCase> filters) {
        this.url = url;
        this.tenant = tenant;
        for (int lane = 0; lane < CONNECTIONS; lane++) {
            lanes.add(new ArrayDeque<>(
                    filters.subList(lane * filters.size() / CONNECTIONS, (lane + 1) * filters.size() / CONNECTIONS)));
        }
    }

    /** Asks for so long, and returns how many a second were answered. */
    double ask(Duration time) throws InterruptedException, ExecutionException {
        long began = System.nanoTime();
        long end = began + time.toNanos();
        int sum = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(
                CONNECTIONS, Thread.ofPlatform().name("bench-warm-up-", 0).factory())) {
            List<Future<Integer>> asked = new ArrayList<>();
            for (Deque<FilterCase> lane : lanes) {
                asked.add(threads.submit((Callable<Integer>) () -> ask(lane, end)));
            }
            for (Future<Integer> lane : asked) {
                sum += lane.get();
            }
        }
        rounds++;
        return sum / ((System.nanoTime() - began) / 1e9);
    }

    private int ask(Deque<FilterCase> filters, long end) throws IOException {
        int count = 0;
        try (AtlasContender atlas = new AtlasContender(url, tenant)) {
            while (!filters.isEmpty() && System.nanoTime() < end) {
                FilterCase filter = filters.removeFirst();
                long nanos = atlas.prepare(filter, Optional.empty()).ask().nanos();
                if (nanos < LONG_NANOS || rounds < ROUNDS_OF_ALL || filters.size() < FEWEST) {
                    filters.addLast(filter);
                }
                count++;
            }
        }
        return count;
    }
}
