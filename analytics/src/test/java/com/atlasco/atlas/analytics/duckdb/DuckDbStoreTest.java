package com.atlasco.atlas.analytics.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult.Group;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DuckDbStoreTest {

    private static final TenantId TENANT = new TenantId(1);
    private static final int BATCHES_BEFORE_CRASH = 12;
    private static final int BATCH = 50;

    @TempDir
    private Path directory;

    private DuckDbSettings settings() {
        return DuckDbSettings.of(directory.resolve("analytics.duckdb"));
    }

    @Test
    void batchesAppliedBeforeTheProcessDiedAreThere() throws Exception {
        for (int crash = 1; crash <= 2; crash++) {
            assertThat(child("crash", Integer.toString(crash)).waitFor()).isEqualTo(Writer.HALTED);
            try (DuckDbStore store = DuckDbStore.open(settings())) {
                long applied = (long) crash * BATCHES_BEFORE_CRASH;
                assertThat(store.watermark().orElseThrow().position().lsn()).isEqualTo(new Lsn(applied));
                assertThat(count(store)).isEqualTo(applied * BATCH);
                assertThat(store.get(TENANT, applied * BATCH)).isPresent();
            }
        }
    }

    @Test
    void secondProcessIsToldThatTheFileIsInUse() throws Exception {
        try (DuckDbStore store = DuckDbStore.open(settings())) {
            assertThat(store.watermark()).isEmpty();
            Process second = child("open", "1");
            String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(second.waitFor()).isEqualTo(Writer.REFUSED);
            assertThat(said).contains("source_unavailable", "analytics.duckdb is open already");
        }
    }

    @Test
    void secondStoreInTheSameProcessIsRefusedUntilTheFirstIsClosed() {
        try (DuckDbStore store = DuckDbStore.open(settings())) {
            assertThatThrownBy(() -> DuckDbStore.open(settings())).hasMessageContaining("open already");
            assertThat(store.watermark()).isEmpty();
        }
        DuckDbStore.open(settings()).close();
    }

    @Test
    void fileThatIsNotADatabaseIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(settings().file(), "not a database, but somebody's notes".repeat(1000));
        assertThatThrownBy(() -> DuckDbStore.open(settings()))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        failure -> assertThat(failure.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE));
        assertThat(Files.readString(settings().file())).startsWith("not a database");
    }

    @Test
    void closedStoreSaysSo() {
        DuckDbStore store = DuckDbStore.open(settings());
        store.apply(Writer.batch(1));
        store.close();
        store.close();
        assertThatThrownBy(() -> store.get(TENANT, 1)).hasMessageContaining("closed");
        assertThatThrownBy(() -> store.apply(Writer.batch(2))).hasMessageContaining("closed");
    }

    @Test
    void readersSeeWholeBatchesWhileAttributesGainAndLoseTheirColumns() throws Exception {
        DuckDbSettings settings = settings().withCheckpointBytes(200_000);
        AttributeType attribute = Writer.type(false);
        Property score = new Property.Attribute(attribute);
        Metric count = new Metric(Metric.Operation.COUNT, Optional.empty());
        Metric scores = new Metric(Metric.Operation.COUNT, Optional.of(score));
        AggregateQuery query = new AggregateQuery(Filter.ALL, List.of(), List.of(count, scores), List.of(), 10);
        AtomicBoolean done = new AtomicBoolean();
        try (DuckDbStore store = DuckDbStore.open(settings);
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            store.apply(Writer.batch(1));
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                readers.add(threads.submit(() -> {
                    long read = 0;
                    while (!done.get()) {
                        long least =
                                store.watermark().orElseThrow().position().lsn().value() * BATCH;
                        Group all = store.aggregate(TENANT, query).groups().getFirst();
                        assertThat(all.metrics().get(1)).isEqualTo(all.metrics().get(0));
                        long seen =
                                (long) ((Value.NumberValue) all.metrics().get(0).orElseThrow()).number();
                        assertThat(seen % BATCH).isZero();
                        assertThat(seen).isGreaterThanOrEqualTo(least);
                        read++;
                    }
                    return read;
                }));
            }
            try {
                for (int lsn = 2; lsn < 80; lsn++) {
                    store.apply(Writer.batch(lsn));
                }
            } finally {
                done.set(true);
            }
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
    }

    @Test
    void historyHoldsEachChangeOfABatchOnceEvenWhenReplayed() throws SQLException {
        ChangeBatch batch = new ChangeBatch(
                List.of(
                        upserted(1, 1, Map.of(3, new Value.NumberValue(1), 4, new Value.TextValue("x")), Set.of(3, 4)),
                        upserted(2, 2, Map.of(3, new Value.NumberValue(2)), Set.of(3, 4)),
                        new Change.EntityDeleted(TENANT, 1, Instant.EPOCH, new ChangeOrder(new Lsn(3), 0))),
                Writer.watermark(3));
        try (DuckDbStore store = DuckDbStore.open(settings())) {
            store.apply(batch);
            store.apply(batch);
            assertThat(store.get(TENANT, 1)).isEmpty();
        }
        assertThat(history())
                .containsExactly(
                        "1 3 false 1.0 null",
                        "1 4 false null x",
                        "2 3 false 2.0 null",
                        "2 4 true null null",
                        "null null true null null");
    }

    @Test
    void ofADeletedTenantNoHistoryIsKept() throws SQLException {
        ChangeBatch written = new ChangeBatch(
                List.of(upserted(1, 1, Map.of(3, new Value.NumberValue(1)), Set.of(3))), Writer.watermark(1));
        ChangeBatch deleted = new ChangeBatch(
                List.of(
                        new Change.EntityDeleted(TENANT, 1, Instant.EPOCH, new ChangeOrder(new Lsn(2), 0)),
                        new Change.TenantDeleted(TENANT, new ChangeOrder(new Lsn(3), 0))),
                Writer.watermark(3));
        try (DuckDbStore store = DuckDbStore.open(settings())) {
            store.apply(written);
            store.apply(deleted);
            store.apply(deleted);
            assertThat(count(store)).isZero();
        }
        assertThat(history()).isEmpty();
    }

    @Test
    void historyCanBeLeftOut() throws SQLException {
        try (DuckDbStore store = DuckDbStore.open(settings().withHistory(false))) {
            store.apply(Writer.batch(1));
        }
        assertThat(history()).isEmpty();
    }

    private List<String> history() throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:duckdb:" + settings().file());
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("SELECT version, attribute_id, removed, value_number, value_text FROM history"
                                + " ORDER BY commit_lsn, attribute_id")) {
            while (rows.next()) {
                found.add("%s %s %s %s %s"
                        .formatted(
                                rows.getObject(1),
                                rows.getObject(2),
                                rows.getObject(3),
                                rows.getObject(4),
                                rows.getObject(5)));
            }
        }
        return found;
    }

    @Test
    void queryBeyondItsTimeIsCancelledAndTheReaderGoesOn() throws SQLException {
        try (DuckDBConnection root = DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
                ReaderPool pool = ReaderPool.open(root, 1, Duration.ofSeconds(1), failure -> {})) {
            assertThatThrownBy(() -> number(
                            pool, "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE hash(a, b) % 7 = 3"))
                    .isInstanceOfSatisfying(
                            AtlasException.class,
                            failure -> assertThat(failure.problem().code()).isEqualTo(ErrorCode.OVERLOADED));
            assertThat(number(pool, "SELECT 5")).isEqualTo(5);
        }
    }

    private static long number(ReaderPool pool, String sql) {
        return pool.read((connection, runner) -> {
            try (PreparedStatement statement = connection.prepareStatement(sql);
                    ResultSet rows = runner.query(statement)) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    private static long count(DuckDbStore store) {
        Optional<Value> count = store.aggregate(
                        TENANT,
                        new AggregateQuery(
                                Filter.ALL,
                                List.of(),
                                List.of(new Metric(Metric.Operation.COUNT, Optional.empty())),
                                List.of(),
                                1))
                .groups()
                .getFirst()
                .metrics()
                .getFirst();
        return (long) ((Value.NumberValue) count.orElseThrow()).number();
    }

    @ParameterizedTest
    @ValueSource(longs = {4096, 12288, -1})
    void aDamagedFileIsPutAsideForANewOne(long damagedAt) throws Exception {
        try (DuckDbStore store = DuckDbStore.open(settings())) {
            store.apply(new ChangeBatch(
                    List.of(upserted(1, 1, Map.of(3, new Value.NumberValue(1)), Set.of(3))), Writer.watermark(1)));
        }
        Path file = settings().file();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (damagedAt < 0) {
                channel.truncate(channel.size() / 2);
            } else {
                channel.write(
                        ByteBuffer.wrap("damage in the middle of a block".getBytes(StandardCharsets.UTF_8)), damagedAt);
            }
        }
        try (DuckDbStore store = DuckDbStore.open(settings())) {
            assertThat(store.watermark()).isEmpty();
            store.apply(new ChangeBatch(
                    List.of(upserted(1, 1, Map.of(3, new Value.NumberValue(1)), Set.of(3))), Writer.watermark(1)));
            assertThat(store.get(TENANT, 1)).isPresent();
        }
        assertThat(file.resolveSibling(file.getFileName() + ".aside")).exists();
    }

    @Test
    void aFileOfAnotherReleaseIsPutAside() throws Exception {
        DuckDbStore.open(settings()).close();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:duckdb:" + settings().file());
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE atlas_schema SET version = 1");
        }
        try (DuckDbStore store = DuckDbStore.open(settings())) {
            assertThat(store.watermark()).isEmpty();
        }
    }

    @Test
    void whenItIsQuietAShortLogIsFoldedIntoTheFileToo() throws Exception {
        Path log = Path.of(settings().file() + ".wal");
        try (DuckDbStore store = DuckDbStore.open(settings().withCheckpointBytes(1_000_000))) {
            long lsn = 0;
            while (log.toFile().length() < 100_000) {
                store.apply(Writer.batch(++lsn));
            }
            for (int i = 0; i < 40; i++) {
                assertThat(log).exists();
                store.apply(new ChangeBatch(List.of(), Writer.watermark(++lsn)));
            }
            // Waits for what the batch before it has put behind itself.
            store.apply(new ChangeBatch(List.of(), Writer.watermark(++lsn)));
            assertThat(log.toFile().length()).isLessThan(20_000);
            assertThat(store.get(TENANT, 1)).isPresent();
        }
    }

    @Test
    void entityThatIsCreatedAgainIsThereOnce() throws Exception {
        try (DuckDbStore store = DuckDbStore.open(settings())) {
            store.apply(new ChangeBatch(List.of(created(1, 1.0)), Writer.watermark(1)));
            store.apply(new ChangeBatch(List.of(deleted(2), created(3, 2.0)), Writer.watermark(3)));
            assertThat(count(store)).isEqualTo(1);
            store.apply(new ChangeBatch(List.of(deleted(4)), Writer.watermark(4)));
            store.apply(new ChangeBatch(List.of(created(5, 3.0), deleted(6), created(7, 4.0)), Writer.watermark(7)));
            assertThat(count(store)).isEqualTo(1);
            assertThat(store.get(TENANT, 1).orElseThrow().document().find(3)).contains(new Value.NumberValue(4.0));
        }
    }

    private static Change created(long lsn, double score) {
        return new Change.EntityUpserted(
                TENANT,
                1,
                "t",
                1,
                Optional.of(Document.of(Map.of(3, new Value.NumberValue(score)))),
                Set.of(3),
                Instant.EPOCH,
                Instant.EPOCH,
                new ChangeOrder(new Lsn(lsn), 1),
                true);
    }

    private static Change deleted(long lsn) {
        return new Change.EntityDeleted(TENANT, 1, Instant.EPOCH, new ChangeOrder(new Lsn(lsn), 1));
    }

    private static Change upserted(long version, long lsn, Map<Integer, Value> values, Set<Integer> changed) {
        return new Change.EntityUpserted(
                TENANT,
                1,
                "t",
                version,
                Optional.of(Document.of(values)),
                changed,
                Instant.EPOCH,
                Instant.EPOCH,
                new ChangeOrder(new Lsn(lsn), 0));
    }

    private Process child(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                settings().file().toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** The process that dies: writes some batches and halts, without closing anything. */
    static final class Writer {

        static final int HALTED = 43;
        static final int REFUSED = 44;

        private Writer() {}

        public static void main(String[] arguments) {
            try {
                DuckDbStore store = DuckDbStore.open(
                        DuckDbSettings.of(Path.of(arguments[0])).withCheckpointBytes(100_000));
                int crash = Integer.parseInt(arguments[2]);
                for (int i = 1; arguments[1].equals("crash") && i <= BATCHES_BEFORE_CRASH; i++) {
                    store.apply(batch((crash - 1) * BATCHES_BEFORE_CRASH + i));
                }
                Runtime.getRuntime().halt(HALTED);
            } catch (AtlasException refused) {
                System.out.println(refused.problem().code().wireName() + " " + refused.getMessage());
                Runtime.getRuntime().halt(REFUSED);
            }
        }

        static AttributeType type(boolean hot) {
            return new AttributeType(3, "score", DataType.NUMBER, true, hot, Optional.empty(), Optional.empty());
        }

        /** New entities, and every third time the attribute becomes hot or ceases to be. */
        static ChangeBatch batch(long lsn) {
            List<Change> changes = new ArrayList<>();
            if (lsn % 3 == 0) {
                changes.add(
                        new Change.AttributeTypeUpserted(TENANT, type(lsn % 2 == 0), new ChangeOrder(new Lsn(lsn), 0)));
            }
            for (int i = 1; i <= BATCH; i++) {
                changes.add(new Change.EntityUpserted(
                        TENANT,
                        (lsn - 1) * BATCH + i,
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                        1,
                        Optional.of(Document.of(Map.of(3, new Value.NumberValue(i)))),
                        Set.of(3),
                        Instant.EPOCH,
                        Instant.EPOCH,
                        new ChangeOrder(new Lsn(lsn), i)));
            }
            return new ChangeBatch(changes, watermark(lsn));
        }

        static Watermark watermark(long lsn) {
            return new Watermark(
                    new Position(1, 1, new Lsn(lsn)),
                    Optional.of(new ChangeOrder(new Lsn(lsn), BATCH)),
                    List.of(),
                    "",
                    true);
        }
    }
}
