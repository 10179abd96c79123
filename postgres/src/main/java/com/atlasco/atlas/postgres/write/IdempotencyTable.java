package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.BinaryArray;
import com.atlasco.atlas.postgres.Session;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The SQL that remembers what keys have been answered with. */
final class IdempotencyTable {

    private static final String FIND =
            "SELECT key, encode(request_hash, 'hex'), answer FROM idempotency_key WHERE tenant_id = ? AND key = ANY (?::text[])";

    // In the order of the keys, as every writer does, so that those who wait for each other do so in one direction.
    private static final String INSERT = """
            INSERT INTO idempotency_key (tenant_id, key, request_hash, answer, created_at)
            SELECT ?, n.key, decode(n.request_hash, 'hex'), n.answer::jsonb, now()
            FROM unnest(?::text[], ?::text[], ?::text[]) AS n (key, request_hash, answer)
            ORDER BY n.key COLLATE "C"
            ON CONFLICT DO NOTHING""";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private IdempotencyTable() {}

    /** What a key stands for: a request, and what it was answered with. */
    record Remembered(IdempotencyKey key, RequestHash hash, WriteResult.Done answer) {}

    /** Those of these keys that are remembered. */
    static Map<IdempotencyKey, Remembered> find(Session session, TenantId tenant, Collection<IdempotencyKey> keys)
            throws SQLException {
        Map<IdempotencyKey, Remembered> remembered = new HashMap<>();
        if (keys.isEmpty()) {
            return remembered;
        }
        try (PreparedStatement statement = session.prepare(FIND)) {
            statement.setLong(1, tenant.value());
            setTexts(session, statement, 2, List.copyOf(keys), IdempotencyKey::text);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    IdempotencyKey key = new IdempotencyKey(rows.getString(1));
                    remembered.put(
                            key, new Remembered(key, new RequestHash(rows.getString(2)), decode(rows.getString(3))));
                }
            }
        }
        return remembered;
    }

    /** Remembers all of them; false when somebody else has remembered one meanwhile. */
    static boolean insert(Session session, TenantId tenant, List<Remembered> answers) throws SQLException {
        if (answers.isEmpty()) {
            return true;
        }
        try (PreparedStatement statement = session.prepare(INSERT)) {
            statement.setLong(1, tenant.value());
            setTexts(session, statement, 2, answers, answer -> answer.key().text());
            setTexts(session, statement, 3, answers, answer -> answer.hash().hex());
            setTexts(session, statement, 4, answers, answer -> encode(answer.answer()));
            return statement.executeUpdate() == answers.size();
        }
    }

    private static String encode(WriteResult.Done answer) {
        int status = switch (answer) {
            case WriteResult.Stored(var _, var _, boolean created) -> created ? 201 : 200;
            case WriteResult.Deleted _ -> 204;
        };
        return "{\"status\": %d, \"entity_id\": %d, \"version\": %d}"
                .formatted(status, answer.entityId(), answer.version());
    }

    private static WriteResult.Done decode(String json) {
        try {
            JsonNode answer = MAPPER.readTree(json);
            long entityId = answer.path("entity_id").longValue();
            long version = answer.path("version").longValue();
            int status = answer.path("status").intValue();
            return status == 204
                    ? new WriteResult.Deleted(entityId, version)
                    : new WriteResult.Stored(entityId, version, status == 201);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a remembered answer is not JSON: " + json, impossible);
        }
    }

    private static <T> void setTexts(
            Session session, PreparedStatement statement, int index, List<T> items, Function<T, String> text)
            throws SQLException {
        BinaryArray texts = new BinaryArray(BinaryArray.Type.TEXT, items.size());
        items.forEach(item -> texts.addText(text.apply(item)));
        statement.setArray(index, texts.toSql(session.connection()));
    }
}
