package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.postgres.Session;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Counts the statements of one page and, when it is to, what they read: by PostgreSQL's own count, for which each is run
 * once more. Not thread-safe.
 */
final class PageCounter {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean analyzes;
    private int statements;
    private long entries;
    private long documents;

    PageCounter(boolean analyzes) {
        this.analyzes = analyzes;
    }

    void statement() {
        statements++;
    }

    void count(Session session, Sql sql) throws SQLException {
        statements++;
        if (!analyzes) {
            return;
        }
        try (PreparedStatement statement = Sql.of("EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF, FORMAT JSON) ")
                        .append(sql)
                        .prepare(session);
                ResultSet row = statement.executeQuery()) {
            row.next();
            add(JSON.readTree(row.getString(1)).path(0).path("Plan"));
        } catch (JsonProcessingException unexpected) {
            throw new IllegalStateException("PostgreSQL's plan is not JSON", unexpected);
        }
    }

    private void add(JsonNode node) {
        double loops = node.path("Actual Loops").asDouble();
        double read = loops
                * (node.path("Actual Rows").asDouble()
                        + node.path("Rows Removed by Filter").asDouble());
        String relation = node.path("Relation Name").asText();
        if (relation.startsWith("entity_attribute")
                || (relation.startsWith("entity")
                        && node.path("Node Type").asText().equals("Index Only Scan"))) {
            entries += Math.round(read);
        } else if (relation.startsWith("entity")) {
            documents += Math.round(read);
        }
        node.path("Plans").forEach(this::add);
    }

    int statements() {
        return statements;
    }

    long entries() {
        return entries;
    }

    long documents() {
        return documents;
    }
}
