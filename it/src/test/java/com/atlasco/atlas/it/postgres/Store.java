package com.atlasco.atlas.it.postgres;

import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.Migrations;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.atlasco.atlas.postgres.TenantDirectory;
import com.atlasco.atlas.postgres.read.PostgresSource;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import com.atlasco.atlas.postgres.write.EntityWriter;
import java.time.Duration;
import java.util.Optional;

/** A migrated database and everything that works on its primary, as one node has it. */
record Store(
        TestDatabase database,
        Database primary,
        AttributeRegistry registry,
        EntityWriter writer,
        PostgresSource source,
        TenantDirectory tenants)
        implements AutoCloseable {

    static final String ROLE = "atlas_service";
    static final String PASSWORD = "service's password";

    static Store open(TestDatabase database) {
        Migrations.migrate(database.jdbcUrl(), database.superuser(), database.password(), ROLE, PASSWORD);
        Database primary = Database.open(settings(database.jdbcUrl(), 10));
        AttributeRegistry registry = AttributeRegistry.open(primary);
        return new Store(
                database,
                primary,
                registry,
                new EntityWriter(primary, registry),
                PostgresSource.open(settings(database.jdbcUrl(), 4)),
                new TenantDirectory(primary));
    }

    static PostgresSettings settings(String jdbcUrl, int poolSize) {
        return new PostgresSettings(jdbcUrl, ROLE, PASSWORD, poolSize, Duration.ofSeconds(20), "atlas-it");
    }

    /** A tenant that no other test uses. */
    TenantId newTenant() {
        return tenants.create("a tenant of a test");
    }

    AttributeType register(TenantId tenant, String name, DataType dataType, boolean filterable) {
        return registry.register(
                        tenant,
                        new AttributeDefinition(name, dataType, filterable, false, Optional.empty(), Optional.empty()))
                .type();
    }

    @Override
    public void close() {
        registry.close();
        source.close();
        primary.close();
    }
}
