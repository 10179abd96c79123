package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.dataset.EntityJson;
import com.atlasco.atlas.bench.http.RequestLoad;
import com.atlasco.atlas.bench.http.Requests;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** New entities one by one, each acknowledged when it is durable. */
final class SingleContestants {

    static final int CONNECTIONS = 64;
    static final int OFFERED_PER_SECOND = 5_000;

    private static final int OPEN_LOOP_SECONDS = 2;
    private static final int OPEN_LOOP_CONNECTIONS = 512;

    private final Field field;
    private final IngestSettings settings;

    SingleContestants(Field field, IngestSettings settings) {
        this.field = field;
        this.settings = settings;
    }

    List<Contestant> closedLoop() {
        List<Contestant> all = new ArrayList<>();
        if (settings.has("atlas_single")) {
            all.add(new Contestant(
                    "atlas_single", CONNECTIONS + " connections", 0.25, share -> atlas(requests(share))));
        }
        if (settings.has("per_request_commit")) {
            all.add(new Contestant("per_request_commit", CONNECTIONS + " connections", 0.25, this::perRequestCommit));
        }
        return all;
    }

    List<Contestant> openLoop() {
        return settings.has("atlas_single_at_5000")
                ? List.of(new Contestant(
                        "atlas_single_at_5000", "offered " + OFFERED_PER_SECOND + "/s", 0.25, this::openLoop))
                : List.of();
    }

    private int requests(double share) {
        return Math.max(CONNECTIONS, (int) (settings.entities() * share / 2));
    }

    /** So many, as the closed loop sends them. */
    Contestant.Turn atlas(int count) throws IOException {
        List<byte[]> requests = requestsOf(count);
        return () -> {
            try (RequestLoad load = RequestLoad.open(field.cluster().url(), CONNECTIONS)) {
                return Contestant.Outcome.of(load.closedLoop(requests));
            }
        };
    }

    private List<byte[]> requestsOf(int count) {
        long first = field.takeSingleIds(BatchContestants.ATLAS, count);
        EntityJson json = new EntityJson(field.dataset());
        List<byte[]> requests = new ArrayList<>(count);
        for (long id = first; id < first + count; id++) {
            long tenant = field.tenant(id).id();
            requests.add(Requests.put("/api/v1/entities/" + id, tenant, json.body(tenant, id)));
        }
        return requests;
    }

    private Contestant.Turn openLoop(double share) {
        List<byte[]> requests = requestsOf((int) (OFFERED_PER_SECOND * OPEN_LOOP_SECONDS * share));
        return () -> {
            try (RequestLoad load = RequestLoad.open(field.cluster().url(), OPEN_LOOP_CONNECTIONS)) {
                return Contestant.Outcome.of(load.openLoop(requests, OFFERED_PER_SECOND));
            }
        };
    }

    /** A statement is a transaction: document and pivot rows in one, prepared, by 64 connections at once. */
    private Contestant.Turn perRequestCommit(double share) throws SQLException {
        int count = requests(share);
        long first = field.takeSingleIds(PeerDatabase.LIMIT_UNNEST.database(), count);
        List<SingleStatement> statements = new ArrayList<>(count);
        for (long id = first; id < first + count; id++) {
            statements.add(new SingleStatement(Chunk.of(field.dataset(), field.tenant(id), id, 1)));
        }
        List<Connection> connections = field.connections(PeerDatabase.LIMIT_UNNEST, CONNECTIONS);
        List<ClosedLoop.Lane> lanes = new ArrayList<>();
        for (Connection connection : connections) {
            lanes.add(loop -> {
                connection.setAutoCommit(true);
                loop.each(i -> statements.get(i).run(connection));
                connection.setAutoCommit(false);
            });
        }
        ClosedLoop loop = new ClosedLoop(count, RequestLoad.LONGEST, System::nanoTime);
        return () -> loop.run(lanes);
    }
}
