package com.atlasco.atlas.postgres.tenant;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The keys on the primary, of which only hashes are kept. Thread-safe. */
public final class ApiKeyStore {

    /** Keys that a tenant may have at a time, the revoked ones left out. */
    public static final int MOST_KEYS = 1_000;

    private static final String COLUMNS =
            "key_id, tenant_id, name, scopes, created_at, expires_at, last_used_at, revoked_at";

    private static final String INSERT = """
            INSERT INTO api_key (key_id, tenant_id, name, secret_hash, scopes, expires_at)
            SELECT ?, ?, ?, ?, ?, ?
            WHERE (SELECT count(*) FROM api_key WHERE tenant_id = ? AND revoked_at IS NULL) < %d
            RETURNING %s""".formatted(MOST_KEYS, COLUMNS);

    private static final String LIST = """
            SELECT %s FROM api_key WHERE tenant_id = ? ORDER BY created_at, key_id""".formatted(COLUMNS);

    private static final String REVOKE = """
            UPDATE api_key SET revoked_at = coalesce(revoked_at, now()) WHERE tenant_id = ? AND key_id = ?""";

    private final Database primary;

    public ApiKeyStore(Database primary) {
        this.primary = primary;
    }

    /**
     * What is needed to check a key.
     *
     * @param hash the SHA-256 of the whole key
     */
    // Compared by its hash alone, in constant time.
    @SuppressWarnings("ArrayRecordComponent")
    public record Known(TenantId tenant, byte[] hash, Set<Scope> scopes, Optional<Instant> expiresAt) {}

    /** Stores the hash of a new key; the tenant exists. Empty when the tenant has {@link #MOST_KEYS} already. */
    public Optional<ApiKey> create(
            TenantId tenant, SecretKey key, String name, Set<Scope> scopes, Optional<Instant> expiresAt) {
        return primary.run(tenant, session -> {
            try (PreparedStatement statement = session.prepare(INSERT)) {
                statement.setString(1, key.id());
                statement.setLong(2, tenant.value());
                statement.setString(3, name);
                statement.setBytes(4, SecretKey.hash(key.text()));
                statement.setArray(
                        5,
                        session.connection()
                                .createArrayOf(
                                        "text",
                                        scopes.stream()
                                                .sorted()
                                                .map(Scope::wireName)
                                                .toArray()));
                if (expiresAt.isPresent()) {
                    statement.setObject(6, expiresAt.get().atOffset(ZoneOffset.UTC));
                } else {
                    statement.setNull(6, Types.TIMESTAMP_WITH_TIMEZONE);
                }
                statement.setLong(7, tenant.value());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(key(row)) : Optional.empty();
                }
            }
        });
    }

    /** The tenant's keys, the oldest first; revoked and expired ones too. */
    public List<ApiKey> list(TenantId tenant) {
        return primary.run(tenant, session -> {
            List<ApiKey> keys = new ArrayList<>();
            try (PreparedStatement statement = session.prepare(LIST)) {
                statement.setLong(1, tenant.value());
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        keys.add(key(rows));
                    }
                }
            }
            return keys;
        });
    }

    /**
     * Revokes a key; every node refuses it within a second. A key that was revoked stays so.
     *
     * @return false when the tenant has no such key
     */
    public boolean revoke(TenantId tenant, String keyId) {
        return primary.write(tenant, session -> {
                    try (PreparedStatement statement = session.prepare(REVOKE)) {
                        statement.setLong(1, tenant.value());
                        statement.setString(2, keyId);
                        boolean found = statement.executeUpdate() > 0;
                        if (found) {
                            TenancyVersion.bump(session);
                        }
                        return found;
                    }
                })
                .result();
    }

    /** Those of these keys that are there and not revoked. */
    Map<String, Known> find(Collection<String> keyIds) {
        return primary.run(session -> {
            Map<String, Known> known = new HashMap<>();
            try (PreparedStatement statement = session.prepare(
                    "SELECT key_id, tenant_id, secret_hash, scopes, expires_at FROM atlas_find_keys(?)")) {
                statement.setArray(1, session.connection().createArrayOf("text", keyIds.toArray()));
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        known.put(
                                rows.getString(1),
                                new Known(
                                        new TenantId(rows.getLong(2)),
                                        rows.getBytes(3),
                                        scopes(rows, 4),
                                        instant(rows, 5)));
                    }
                }
            }
            return known;
        });
    }

    /** Notes when keys were last used; never moves it back. */
    void touch(Map<String, Instant> used) {
        // In one order, so that two nodes wait for each other and not in a circle.
        List<Map.Entry<String, Instant>> sorted = List.copyOf(new TreeMap<>(used).entrySet());
        primary.run(session -> {
            try (PreparedStatement statement = session.prepare("SELECT atlas_touch_keys(?, ?)")) {
                statement.setArray(
                        1,
                        array(
                                session,
                                "text",
                                sorted.stream().map(Map.Entry::getKey).toArray()));
                statement.setArray(
                        2,
                        array(
                                session,
                                "timestamptz",
                                sorted.stream()
                                        .map(entry -> entry.getValue().toString())
                                        .toArray()));
                return statement.execute();
            }
        });
    }

    private static java.sql.Array array(Session session, String type, Object[] elements) throws SQLException {
        return session.connection().createArrayOf(type, elements);
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getString(1),
                new TenantId(row.getLong(2)),
                row.getString(3),
                scopes(row, 4),
                row.getObject(5, OffsetDateTime.class).toInstant(),
                instant(row, 6),
                instant(row, 7),
                instant(row, 8));
    }

    private static Set<Scope> scopes(ResultSet row, int column) throws SQLException {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String name : (String[]) row.getArray(column).getArray()) {
            scopes.add(Scope.ofWireName(name)
                    .orElseThrow(() -> new IllegalStateException("api_key holds the scope " + name)));
        }
        return scopes;
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
