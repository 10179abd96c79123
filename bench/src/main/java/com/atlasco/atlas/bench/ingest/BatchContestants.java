package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.cluster.TierSet;
import com.atlasco.atlas.bench.dataset.EntityJson;
import com.atlasco.atlas.bench.http.BatchLoad;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Many new entities at once, over one connection and over two. */
final class BatchContestants {

    static final String ATLAS = "atlas";

    private static final List<Integer> CONNECTIONS = List.of(1, 2);

    private final Field field;
    private final IngestSettings settings;

    BatchContestants(Field field, IngestSettings settings) {
        this.field = field;
        this.settings = settings;
    }

    List<Contestant> all() {
        List<Contestant> all = new ArrayList<>();
        // With all tiers two connections are enough: what the peers do is not followed by capture.
        List<Integer> ways = field.cluster().tiers() == TierSet.ALL ? List.of(2) : CONNECTIONS;
        for (int connections : ways) {
            // A single one has never been the best of its name: it is there for comparison.
            boolean repeated = connections > 1;
            if (settings.has("atlas_batch")) {
                all.add(new Contestant(
                        "atlas_batch", way(connections), 0.25, repeated, share -> atlas(connections, entities(share))));
            }
            for (Peer peer : List.of(new CopyPeer(), UnnestPeer.limit(), UnnestPeer.seed(), UnnestPeer.jsonbGin())) {
                if (settings.has(peer.name()) && connections >= peer.fewestConnections()) {
                    all.add(new Contestant(
                            peer.name(),
                            peer.way() + ", " + way(connections),
                            0.25,
                            repeated,
                            share -> peer(peer, connections, share)));
                }
            }
        }
        return all;
    }

    private static String way(int connections) {
        return connections == 1 ? "1 connection" : connections + " connections";
    }

    private int entities(double share) {
        return Math.max(1, (int) Math.round(settings.entities() * share / Field.TRANSACTION)) * Field.TRANSACTION;
    }

    /** NDJSON over HTTP: a request for each tenant of a connection's share. Entities are whole transactions. */
    Contestant.Turn atlas(int connections, int entities) {
        long first = field.takeIds(ATLAS, entities);
        EntityJson json = new EntityJson(field.dataset());
        List<List<BatchLoad.Batch>> lanes = new ArrayList<>();
        for (int lane = 0; lane < connections; lane++) {
            Map<Tenant, List<Long>> idsByTenant = new LinkedHashMap<>();
            for (long block = first + (long) lane * Field.TRANSACTION;
                    block < first + entities;
                    block += (long) connections * Field.TRANSACTION) {
                idsByTenant
                        .computeIfAbsent(field.tenantOf(block), absent -> new ArrayList<>())
                        .addAll(LongStream.range(block, block + Field.TRANSACTION)
                                .boxed()
                                .toList());
            }
            lanes.add(idsByTenant.entrySet().stream()
                    .map(ids -> new BatchLoad.Batch(
                            ids.getKey().id(),
                            json.lines(ids.getKey().id(), ids.getValue()),
                            ids.getValue().size()))
                    .toList());
        }
        return () -> {
            long started = System.nanoTime();
            BatchLoad.run(field.cluster().url(), lanes);
            return Contestant.Outcome.of(entities, (System.nanoTime() - started) / 1e9);
        };
    }

    private Contestant.Turn peer(Peer peer, int connections, double share) throws SQLException {
        int entities = entities(share);
        long first = field.takeIds(peer.database().database(), entities);
        List<Connection> open = field.connections(peer.database(), connections);
        List<Threads.Task> lanes = new ArrayList<>();
        for (int lane = 0; lane < connections; lane++) {
            Connection connection = open.get(lane);
            List<Peer.Transaction> transactions = new ArrayList<>();
            for (long block = first + (long) lane * Field.TRANSACTION;
                    block < first + entities;
                    block += (long) connections * Field.TRANSACTION) {
                transactions.add(
                        peer.prepare(Chunk.of(field.dataset(), field.tenantOf(block), block, Field.TRANSACTION)));
            }
            lanes.add(() -> {
                for (Peer.Transaction transaction : transactions) {
                    transaction.run(connection);
                    connection.commit();
                }
            });
        }
        return () -> Contestant.Outcome.of(entities, Threads.run(lanes));
    }
}
