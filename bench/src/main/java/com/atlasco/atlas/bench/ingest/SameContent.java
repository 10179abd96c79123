package com.atlasco.atlas.bench.ingest;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Looks whether Atlas and the hand-written limit have stored the same: a comparison would be worth nothing else. */
final class SameContent {

    private static final int COMPARED = 2_000;

    private static final String ENTITIES = """
            SELECT count(*) || ' entities ' || coalesce(md5(string_agg(
                format('%s %s %s %s %s', entity_id, entity_type, version, document, changed_attributes),
                '|' ORDER BY entity_id)), '')
            FROM entity WHERE tenant_id = ? AND entity_id = ANY (?)""";
    private static final String PIVOT = """
            SELECT count(*) || ' pivot rows ' || coalesce(md5(string_agg(
                format('%s %s %s %s %s %s', attribute_id, entity_id, value_number, value_text, value_ts, value_bool),
                '|' ORDER BY attribute_id, entity_id)), '')
            FROM entity_attribute WHERE tenant_id = ? AND entity_id = ANY (?)""";

    private SameContent() {}

    /**
     * Compares entities from the first to the last that all have written.
     *
     * @throws IOException when they differ
     */
    static void require(Field field) throws SQLException, IOException {
        long last = Stream.of(
                        BatchContestants.ATLAS,
                        PeerDatabase.LIMIT_COPY.database(),
                        PeerDatabase.LIMIT_UNNEST.database())
                .mapToLong(field::lastId)
                .min()
                .orElse(0);
        Map<Long, List<Long>> idsByTenant = spread(last, COMPARED).stream()
                .collect(Collectors.groupingBy(id -> field.tenantOf(id).id(), TreeMap::new, Collectors.toList()));
        try (Connection atlas = field.cluster().connect();
                Connection copy = field.cluster().connect(PeerDatabase.LIMIT_COPY.database());
                Connection unnest = field.cluster().connect(PeerDatabase.LIMIT_UNNEST.database())) {
            for (Map.Entry<Long, List<Long>> ids : idsByTenant.entrySet()) {
                String stored = digest(atlas, ids.getKey(), ids.getValue());
                requireSame(ids.getKey(), stored, PeerDatabase.LIMIT_COPY, digest(copy, ids.getKey(), ids.getValue()));
                requireSame(
                        ids.getKey(), stored, PeerDatabase.LIMIT_UNNEST, digest(unnest, ids.getKey(), ids.getValue()));
            }
        }
    }

    /** At most about so many ids, as far apart from each other as that allows, with the first and the last. */
    static List<Long> spread(long last, int most) {
        long step = Math.max(1, last / most);
        return LongStream.concat(LongStream.iterate(1, id -> id < last, id -> id + step), LongStream.of(last))
                .filter(id -> id > 0)
                .boxed()
                .toList();
    }

    static void requireSame(long tenant, String atlas, PeerDatabase peer, String other) throws IOException {
        if (!atlas.equals(other)) {
            throw new IOException(
                    "Atlas and %s have not stored the same, so that their times say nothing: of tenant %d Atlas has %s, and %s"
                            .formatted(peer.database(), tenant, atlas, other));
        }
    }

    private static String digest(Connection connection, long tenant, List<Long> ids) throws SQLException {
        return digest(connection, ENTITIES, tenant, ids) + ", " + digest(connection, PIVOT, tenant, ids);
    }

    private static String digest(Connection connection, String sql, long tenant, List<Long> ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, tenant);
            statement.setArray(2, connection.createArrayOf("int8", ids.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
