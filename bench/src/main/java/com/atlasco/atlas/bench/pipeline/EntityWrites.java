package com.atlasco.atlas.bench.pipeline;

import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.http.HttpConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Batches over two connections, one after another as fast as they are answered. What is refused for now, on a machine that is
 * short of time, is sent again: merges may be repeated, and the time runs.
 */
final class EntityWrites {

    static final int CONNECTIONS = 2;

    private static final int TRIES = 10;

    private final Cluster cluster;
    private final EntityMix mix;

    EntityWrites(Cluster cluster, EntityMix mix) {
        this.cluster = cluster;
        this.mix = mix;
    }

    /** What each connection has to send. */
    static List<List<EntityMix.Batch>> shares(List<EntityMix.Batch> batches) {
        List<List<EntityMix.Batch>> shares = new ArrayList<>();
        for (int lane = 0; lane < CONNECTIONS; lane++) {
            List<EntityMix.Batch> share = new ArrayList<>();
            for (int i = lane; i < batches.size(); i += CONNECTIONS) {
                share.add(batches.get(i));
            }
            shares.add(share);
        }
        return shares;
    }

    /**
     * Returns when all is acknowledged.
     *
     * @return the seconds it took; making the requests is not in them
     * @throws IOException when a batch was refused ten times
     */
    double run(List<EntityMix.Batch> batches) throws IOException, InterruptedException {
        List<List<OpenLoop.Request>> requests = shares(batches).stream()
                .map(share ->
                        share.stream().map(batch -> Stretch.batch(mix, batch)).toList())
                .toList();
        long began = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<Integer>> lanes = new ArrayList<>();
            for (List<OpenLoop.Request> share : requests) {
                lanes.add(threads.submit(() -> send(share)));
            }
            for (Future<Integer> lane : lanes) {
                lane.get();
            }
        } catch (ExecutionException failed) {
            throw new IOException("entities were not written: " + failed.getCause(), failed.getCause());
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private int send(List<OpenLoop.Request> requests) throws IOException, InterruptedException {
        int again = 0;
        try (HttpConnection connection = HttpConnection.open(cluster.url())) {
            for (OpenLoop.Request request : requests) {
                HttpConnection.Response response = connection.exchange(request.bytes());
                for (int tries = 1; response.status() != 200 || Stretch.errors(response) > 0; tries++) {
                    if (tries == TRIES) {
                        throw new IOException("a batch was refused %d times, at last with %d: %s"
                                .formatted(
                                        TRIES,
                                        response.status(),
                                        response.body().lines().findFirst().orElse("")));
                    }
                    again++;
                    TimeUnit.MILLISECONDS.sleep(100);
                    response = connection.exchange(request.bytes());
                }
            }
        }
        return again;
    }
}
