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
import com.atlasco.atlas.postgres.registry.PivotJobs;
import com.atlasco.atlas.postgres.write.EntityWriter;
import java.time.Duration;
import java.util.Optional;

/** A migrated database and everything that works on its primary, as one node has it. */
record Store(
        TestDatabase database,
        Database primary,
        Database writers,
        AttributeRegistry registry,
        EntityWriter writer,
        PostgresSource source,
        TenantDirectory tenants,
        Optional<PivotJobs> pivotJobs)
        implements AutoCloseable {

    static final String ROLE = "atlas_service";
    static final String PASSWORD = "service's password";

    /** A node whose background jobs do so little at a time that every test sees them in many parts. */
    static Store open(TestDatabase database) {
        Store idle = openIdle(database);
        return new Store(
                database,
                idle.primary,
                idle.writers,
                idle.registry,
                idle.writer,
                idle.source,
                idle.tenants,
                Optional.of(PivotJobs.start(idle.primary, idle.registry, 50, 70)));
    }

    /** A node without background jobs. */
    static Store openIdle(TestDatabase database) {
        Migrations.migrate(database.jdbcUrl(), database.superuser(), database.password(), ROLE, PASSWORD);
        Database primary = Database.open(settings(database.jdbcUrl(), 10));
        Database writers = Database.openRowByRow(settings(database.jdbcUrl(), 10));
        AttributeRegistry registry = AttributeRegistry.open(primary);
        return new Store(
                database,
                primary,
                writers,
                registry,
                new EntityWriter(writers, registry),
                PostgresSource.open(settings(database.jdbcUrl(), 4)),
                new TenantDirectory(primary),
                Optional.empty());
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
        pivotJobs.ifPresent(PivotJobs::close);
        registry.close();
        source.close();
        writers.close();
        primary.close();
    }
}
