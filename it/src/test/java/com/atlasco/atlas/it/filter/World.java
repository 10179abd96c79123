package com.atlasco.atlas.it.filter;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.duckdb.DuckDbSettings;
import com.atlasco.atlas.analytics.duckdb.DuckDbStore;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.Migrations;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.atlasco.atlas.postgres.TenantDirectory;
import com.atlasco.atlas.postgres.read.PostgresSource;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.EntityWriter;
import com.atlasco.atlas.query.interpret.InMemoryReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

/** A database in which tenants with random registries and entities are made, each with its copies in the other engines. */
final class World implements AutoCloseable {

    private static final String ROLE = "atlas_service";
    private static final String PASSWORD = "service's password";

    private final Random random;
    private final Path directory;
    private final Database primary;
    private final Database writers;
    private final AttributeRegistry registry;
    private final EntityWriter writer;
    private final PostgresSource source;

    World(TestDatabase database, Path directory, Random random) {
        Migrations.migrate(database.jdbcUrl(), database.superuser(), database.password(), ROLE, PASSWORD);
        PostgresSettings settings =
                new PostgresSettings(database.jdbcUrl(), ROLE, PASSWORD, 4, Duration.ofSeconds(60), "atlas-it");
        this.random = random;
        this.directory = directory;
        this.primary = Database.open(settings);
        this.writers = Database.openRowByRow(settings);
        this.registry = AttributeRegistry.open(primary);
        this.writer = new EntityWriter(writers, registry);
        this.source = PostgresSource.open(settings);
    }

    Database primary() {
        return primary;
    }

    PostgresSource source() {
        return source;
    }

    /** One tenant's types and entities, in the order of their ids. */
    record Land(TenantId tenant, RandomWorld values, List<AttributeType> types, List<Entity> entities) {

        Registry registry() {
            return Registry.of(types);
        }

        InMemoryReader oracle() {
            return new InMemoryReader(Map.of(tenant, entities));
        }
    }

    Land newLand(int size) {
        TenantId tenant = new TenantDirectory(primary).create("a tenant of a test");
        RandomWorld values = new RandomWorld(random);
        List<AttributeType> types = new ArrayList<>();
        values.registry()
                .forEach((name, dataType) -> types.add(registry.register(
                                tenant,
                                new AttributeDefinition(
                                        name, dataType, true, random.nextBoolean(), Optional.empty(), Optional.empty()))
                        .type()));
        List<EntityWrite> writes = new ArrayList<>();
        for (long id = 1; id <= size; id++) {
            writes.add(new EntityWrite.Create(Optional.of(id), values.pick(RandomWorld.TYPES), values.document(types)));
        }
        writer.write(tenant, writes);
        for (int i = 0; i < size / 5; i++) {
            writes.set(
                    i,
                    new EntityWrite.Replace(
                            1 + random.nextInt(size), values.pick(RandomWorld.TYPES), values.document(types)));
        }
        writer.write(tenant, writes.subList(0, size / 5));
        List<Entity> entities = LongStream.rangeClosed(1, size)
                .mapToObj(id -> source.get(tenant, id).orElseThrow())
                .toList();
        return new Land(tenant, values, types, entities);
    }

    /** The file of a columnar store that holds the same. */
    Path file(Land land) {
        return directory.resolve("tenant-" + land.tenant.value() + ".duckdb");
    }

    DuckDbStore columnar(Land land) {
        DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(file(land)));
        ChangeOrder order = new ChangeOrder(new Lsn(1), 0);
        List<Change> changes = new ArrayList<>();
        land.types.forEach(type -> changes.add(new Change.AttributeTypeUpserted(land.tenant, type, order)));
        land.entities.forEach(entity -> changes.add(new Change.EntityUpserted(
                land.tenant,
                entity.entityId(),
                entity.entityType(),
                entity.version(),
                Optional.of(entity.document()),
                Set.copyOf(entity.document().values().keySet()),
                entity.updatedAt(),
                entity.updatedAt(),
                order)));
        store.apply(new ChangeBatch(
                changes, new Watermark(new Position(7, 1, new Lsn(1)), Optional.of(order), List.of(), "{}", true)));
        return store;
    }

    @Override
    public void close() {
        source.close();
        registry.close();
        writers.close();
        primary.close();
    }
}
