package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.cluster.TierSet;
import com.atlasco.atlas.bench.http.HttpConnection;
import com.atlasco.atlas.bench.http.RequestLoad;
import com.atlasco.atlas.bench.http.Requests;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Entities by their ids, drawn at random from those that Atlas holds. */
final class ReadContestants {

    private static final int CONNECTIONS = 64;
    private static final Duration CATCH_UP = Duration.ofSeconds(10);
    // More were never faster on two cores.
    private static final int JDBC_CONNECTIONS = 4;
    private static final String SELECT = """
            SELECT entity_id, entity_type, version, document, updated_at
            FROM entity WHERE tenant_id = ? AND entity_id = ?""";

    private final Field field;
    private final IngestSettings settings;

    ReadContestants(Field field, IngestSettings settings) {
        this.field = field;
        this.settings = settings;
    }

    List<Contestant> all() {
        List<Contestant> all = new ArrayList<>();
        if (settings.has("read_realtime")) {
            all.add(new Contestant(
                    "read_realtime", CONNECTIONS + " connections", 0.25, share -> realtime(reads(share))));
        }
        if (settings.has("read_operational") && field.cluster().tiers() == TierSet.ALL) {
            all.add(new Contestant(
                    "read_operational", CONNECTIONS + " connections", 0.25, share -> operational(reads(share))));
        }
        if (settings.has("prepared_select")) {
            all.add(new Contestant(
                    "prepared_select", JDBC_CONNECTIONS + " connections", 0.25, share -> select(reads(share))));
        }
        return all;
    }

    /** So many from each source that is measured. */
    List<Contestant.Turn> warmUp(int count) throws IOException, SQLException, InterruptedException {
        if (field.cluster().tiers() == TierSet.PRIMARY) {
            return List.of(realtime(count));
        }
        // What the replica has not got yet it could not give.
        field.cluster().awaitCaughtUp(CATCH_UP);
        return List.of(realtime(count), operational(count));
    }

    private int reads(double share) {
        return Math.max(CONNECTIONS, (int) (settings.entities() * share));
    }

    private List<Long> ids(int count) {
        List<Long> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(field.randomId(BatchContestants.ATLAS));
        }
        return ids;
    }

    private Contestant.Turn realtime(int count) throws IOException {
        return http("realtime", "primary", count);
    }

    private Contestant.Turn operational(int count) throws IOException {
        return http("operational", "replica", count);
    }

    private Contestant.Turn http(String freshness, String source, int count) throws IOException {
        List<byte[]> requests = ids(count).stream()
                .map(id -> Requests.get(
                        "/api/v1/entities/" + id,
                        field.tenantOf(id).id(),
                        // What this source cannot serve is refused and counts as that, rather than served by another.
                        List.of("X-Freshness-Requirement: " + freshness, "X-Fallback-Strategy: fail")))
                .toList();
        try (HttpConnection connection = HttpConnection.open(field.cluster().url())) {
            HttpConnection.Response response = connection.exchange(requests.getFirst());
            String served = response.header("X-Data-Source").orElse("nobody");
            if (response.status() != 200 || !served.equals(source)) {
                throw new IOException("a read as %s was answered %d by %s, not by the %s: %s"
                        .formatted(freshness, response.status(), served, source, response.body()));
            }
        }
        return () -> {
            try (RequestLoad load = RequestLoad.open(field.cluster().url(), CONNECTIONS)) {
                return Contestant.Outcome.of(load.closedLoop(requests));
            }
        };
    }

    private Contestant.Turn select(int count) throws SQLException {
        List<Long> ids = ids(count);
        List<Connection> open = field.readers(JDBC_CONNECTIONS);
        List<ClosedLoop.Lane> lanes = new ArrayList<>();
        for (Connection connection : open) {
            lanes.add(loop -> {
                try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
                    loop.each(i -> select(statement, ids.get(i)));
                }
            });
        }
        ClosedLoop loop = new ClosedLoop(ids.size(), RequestLoad.LONGEST, System::nanoTime);
        return () -> loop.run(lanes);
    }

    private void select(PreparedStatement statement, long id) throws SQLException {
        statement.setLong(1, field.tenantOf(id).id());
        statement.setLong(2, id);
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next() || row.getString(4).isEmpty()) {
                throw new SQLException("there is no entity " + id);
            }
        }
    }
}
