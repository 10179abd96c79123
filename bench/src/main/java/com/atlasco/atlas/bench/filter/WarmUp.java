package com.atlasco.atlas.bench.filter;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks Atlas other filters over two connections until it is told to end: a server runs for days, and PostgreSQL's code is
 * compiled already.
 */
final class WarmUp {

    private static final int CONNECTIONS = 2;

    private final ExecutorService lanes = Executors.newFixedThreadPool(
            CONNECTIONS, Thread.ofPlatform().name("bench-warm-up-", 0).daemon().factory());
    private final List<Future<Integer>> asked = new ArrayList<>();
    private volatile boolean over;

    private WarmUp() {}

    static WarmUp begin(URI url, long tenant, List<FilterCase> filters) {
        WarmUp warmUp = new WarmUp();
        for (int lane = 0; lane < CONNECTIONS; lane++) {
            int first = lane * filters.size() / CONNECTIONS;
            warmUp.asked.add(warmUp.lanes.submit(() -> warmUp.ask(url, tenant, filters, first)));
        }
        return warmUp;
    }

    private int ask(URI url, long tenant, List<FilterCase> filters, int first) throws Exception {
        int count = 0;
        try (AtlasContender atlas = new AtlasContender(url, tenant)) {
            while (!over) {
                atlas.prepare(filters.get((first + count++) % filters.size()), Optional.empty())
                        .ask();
            }
        }
        return count;
    }

    /** Goes on for some time, and says how many filters were asked. */
    int end(Duration more) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + more.toNanos();
        while (System.nanoTime() < end) {
            Thread.sleep(Duration.ofMillis(100));
        }
        over = true;
        int sum = 0;
        for (Future<Integer> lane : asked) {
            sum += lane.get();
        }
        lanes.shutdown();
        return sum;
    }
}
