package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Ids that nobody has been given before, fetched in blocks; somebody may have brought them along. Thread-safe. */
final class EntityIds {

    private static final int BLOCK = 1_000;
    private static final String FETCH = "SELECT nextval('entity_id_seq') FROM generate_series(1, ?)";

    private final ArrayDeque<Long> free = new ArrayDeque<>();

    synchronized List<Long> take(Session session, int count) throws SQLException {
        if (free.size() < count) {
            fetch(session, Math.max(BLOCK, count - free.size()));
        }
        List<Long> taken = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            taken.add(free.removeFirst());
        }
        return taken;
    }

    private void fetch(Session session, int count) throws SQLException {
        try (PreparedStatement statement = session.prepare(FETCH)) {
            statement.setInt(1, count);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    free.addLast(rows.getLong(1));
                }
            }
        }
    }
}
