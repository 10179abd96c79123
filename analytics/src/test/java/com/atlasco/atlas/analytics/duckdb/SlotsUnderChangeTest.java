package com.atlasco.atlas.analytics.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.analytics.change.ChangeBatch;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random programs in which attributes become hot and cease to be, with steps of filling between batches. */
final class SlotsUnderChangeTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aWholeColumnHoldsWhatTheMapsHoldAndAFreeOneHoldsNothing(long seed) throws SQLException {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        ProgramOfChanges program = new ProgramOfChanges(random);
        DuckDbSettings settings = DuckDbSettings.of(directory.resolve("x.duckdb"));
        try (DuckDBConnection connection =
                DriverManager.getConnection("jdbc:duckdb:" + settings.file()).unwrap(DuckDBConnection.class)) {
            BatchWriter writer = new BatchWriter(connection, true, new KnownColumns(), () -> Instant.EPOCH);
            writer.open();
            ColumnFilling filling = new ColumnFilling(connection, writer, new Checkpoints(connection, settings), 40);
            for (int step = 0; step < 60; step++) {
                ChangeBatch batch = program.next();
                writer.apply(batch);
                for (int i = random.nextInt(6); i > 0 && filling.isDue(); i--) {
                    filling.step();
                }
                check(connection, writer.promoted().slots());
            }
        }
    }

    private static void check(DuckDBConnection connection, Slots slots) throws SQLException {
        Map<Long, Set<Slot>> used = new TreeMap<>();
        for (long tenant : ProgramOfChanges.TENANTS) {
            used.put(
                    tenant,
                    slots.promotions()
                            .filter(promotion -> promotion.attribute().tenantId() == tenant)
                            .map(Promotion::slot)
                            .collect(Collectors.toSet()));
            for (Slot slot : slots.columns()) {
                Optional<Promotion> whole = slots.held().values().stream()
                        .filter(promotion -> promotion.attribute().tenantId() == tenant
                                && promotion.slot().equals(slot)
                                && promotion.stage() == Promotion.Stage.WHOLE)
                        .findFirst();
                if (whole.isPresent()) {
                    String value = PropertyColumns.mapEntry(
                            slot.dataType(), whole.get().attribute().attributeId());
                    assertThat(count(connection, tenant, slot.column() + " IS DISTINCT FROM " + value))
                            .as("%s", whole.get())
                            .isZero();
                } else if (!used.get(tenant).contains(slot)) {
                    assertThat(count(connection, tenant, slot.column() + " IS NOT NULL"))
                            .as("%d %s", tenant, slot)
                            .isZero();
                }
            }
        }
    }

    private static long count(DuckDBConnection connection, long tenant, String condition) throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM entity WHERE tenant_id = " + tenant + " AND " + condition)) {
            row.next();
            return row.getLong(1);
        }
    }
}
