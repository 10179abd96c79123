package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.PostgresSettings;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;

/** Reads from one PostgreSQL server, a primary or a replica. Thread-safe. */
public final class PostgresSource implements AutoCloseable {

    private static final String GET =
            "SELECT " + EntityRows.COLUMNS + " FROM entity e WHERE e.tenant_id = ? AND e.entity_id = ?";

    private final Database database;

    private PostgresSource(Database database) {
        this.database = database;
    }

    /** A source with connections of its own, which are opened when they are needed. */
    public static PostgresSource open(PostgresSettings settings) {
        return new PostgresSource(Database.open(settings));
    }

    public Optional<Entity> get(TenantId tenant, long entityId) {
        return database.run(tenant, session -> {
            try (PreparedStatement statement = session.prepare(GET)) {
                statement.setLong(1, tenant.value());
                statement.setLong(2, entityId);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(EntityRows.read(row)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public void close() {
        database.close();
    }
}
