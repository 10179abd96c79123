package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.ComparisonReader;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.snapshot.Correction;
import com.atlasco.atlas.analytics.snapshot.EntityPlace;
import com.atlasco.atlas.analytics.snapshot.SnapshotChunk;
import com.atlasco.atlas.analytics.snapshot.SnapshotStart;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.history.HistoryPage;
import com.atlasco.atlas.query.history.HistoryQuery;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The analytics store in a DuckDB file inside this process.
 *
 * <p>One thread of its own writes; {@link #apply} may be called from any thread and waits for it. Queries run on the
 * caller's threads, as many at once as there are readers. A query that takes longer than the time limit is cancelled and
 * ends in {@code overloaded}. One store per file: a second one, in this process or another, is refused with
 * {@code source_unavailable}.
 */
public final class DuckDbStore implements AnalyticsStore {

    private static final Logger LOG = LoggerFactory.getLogger(DuckDbStore.class);

    private final DuckDbSettings settings;
    private final StoreLock lock;
    private final DuckDBConnection connection;
    private final ReaderPool readers;
    private final WriterThread thread;
    private final BatchWriter writer;
    private final KnownColumns columns;
    private final QueryMix mix;
    private final AutomaticPromotion promotion;
    private final Upkeep upkeep;
    private final DamagedFile damage;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Counted when the store is about to be emptied, and when it has been: an odd number in between. */
    private final AtomicLong resets = new AtomicLong();

    private final String identity;
    private volatile Optional<Watermark> watermark;
    private volatile Lsn readUntil;
    private volatile Optional<SnapshotState> snapshot;
    private volatile Set<EntityPlace> unsettled;

    private DuckDbStore(
            DuckDbSettings settings,
            StoreLock lock,
            DuckDBConnection connection,
            ReaderPool readers,
            WriterThread thread,
            BatchWriter writer,
            KnownColumns columns,
            String identity,
            InstantSource clock,
            LongSupplier ticker) {
        this.settings = settings;
        this.lock = lock;
        this.connection = connection;
        this.readers = readers;
        this.thread = thread;
        this.writer = writer;
        this.columns = columns;
        this.mix = new QueryMix();
        this.promotion = new AutomaticPromotion(connection, writer, mix, settings.promotion(), clock, ticker);
        this.upkeep = Upkeep.of(settings, connection, thread, writer, promotion, clock, ticker);
        this.damage = new DamagedFile(settings.file());
        this.identity = identity;
        this.snapshot = writer.snapshot();
        this.unsettled = writer.unsettled();
        this.watermark = writer.reached().watermark();
        this.readUntil = writer.reached().readUntil();
    }

    /**
     * Opens the store, makes it when there is none, and recovers what was applied before a crash. A file that is damaged,
     * or of another release's layout, is put aside for a new one.
     *
     * @throws AtlasException {@code source_unavailable} when the file is in use or cannot be written
     */
    public static DuckDbStore open(DuckDbSettings settings) {
        return open(settings, InstantSource.system(), System::nanoTime);
    }

    /**
     * As {@link #open(DuckDbSettings)}.
     *
     * @param clock says since when attributes are promoted, and which history is old
     * @param ticker says in nanoseconds when upkeep is due
     */
    public static DuckDbStore open(DuckDbSettings settings, InstantSource clock, LongSupplier ticker) {
        StoreLock lock = StoreLock.acquire(settings.file());
        DamagedFile damage = new DamagedFile(settings.file());
        try {
            if (damage.isMarked()) {
                damage.putAside("damage was met when it was last used");
            }
            try {
                return open(settings, lock, clock, ticker);
            } catch (SQLException | AtlasException failure) {
                if (!DamagedFile.isCause(failure)) {
                    throw failure;
                }
                damage.putAside(String.valueOf(failure.getMessage()));
            }
            return open(settings, lock, clock, ticker);
        } catch (SQLException | IOException failure) {
            lock.close();
            throw DuckDbErrors.cannotOpen(settings.file(), failure);
        } catch (RuntimeException failure) {
            lock.close();
            throw failure;
        }
    }

    private static DuckDbStore open(DuckDbSettings settings, StoreLock lock, InstantSource clock, LongSupplier ticker)
            throws SQLException, IOException {
        DuckDBConnection connection = Engine.open(settings);
        WriterThread thread = new WriterThread();
        boolean opened = false;
        try {
            KnownColumns columns = new KnownColumns();
            BatchWriter writer = new BatchWriter(connection, settings.history(), columns, clock);
            thread.run(() -> {
                writer.open();
                return writer;
            });
            ReaderPool readers = ReaderPool.open(
                    connection,
                    settings.readerThreads(),
                    settings.queryTimeout(),
                    new DamagedFile(settings.file())::markIfCause);
            String identity = StoreIdentity.of(settings.file());
            DuckDbStore store = new DuckDbStore(
                    settings, lock, connection, readers, thread, writer, columns, identity, clock, ticker);
            thread.runLater(store.promotion::refresh);
            opened = true;
            return store;
        } finally {
            if (!opened) {
                thread.close();
                connection.close();
            }
        }
    }

    @Override
    public void apply(ChangeBatch batch) {
        write(() -> {
            writer.apply(batch);
            upkeep.after(batch);
        });
    }

    @Override
    public Optional<Watermark> watermark() {
        return watermark;
    }

    @Override
    public Lsn readUntil() {
        return readUntil;
    }

    @Override
    public void reset() {
        emptying(writer::reset);
    }

    /** What reads while it is under way, or began before, may have met the empty store and has not answered. */
    private void emptying(Writing writing) {
        resets.incrementAndGet();
        try {
            write(writing);
        } finally {
            resets.incrementAndGet();
        }
    }

    @Override
    public void beginSnapshot(SnapshotStart start) {
        if (isComplete()) {
            write(() -> writer.begin(start));
        } else {
            emptying(() -> writer.begin(start));
        }
    }

    @Override
    public Optional<SnapshotState> snapshot() {
        return snapshot;
    }

    @Override
    public void applyChunk(SnapshotChunk chunk) {
        write(() -> writer.apply(chunk));
    }

    @Override
    public Set<EntityPlace> unsettled() {
        return unsettled;
    }

    @Override
    public void completeSnapshot(Lsn readUntil) {
        write(() -> writer.complete(readUntil));
    }

    @Override
    public void abandonSnapshot() {
        write(writer::abandon);
    }

    @Override
    public void correct(Correction correction) {
        write(() -> writer.correct(correction));
    }

    @Override
    public String identity() {
        return identity;
    }

    private interface Writing {
        void run() throws SQLException;
    }

    private void write(Writing writing) {
        thread.run(() -> {
            try {
                writing.run();
            } catch (SQLException failure) {
                damage.markIfCause(failure);
                throw failure;
            }
            snapshot = writer.snapshot();
            unsettled = writer.unsettled();
            watermark = writer.reached().watermark();
            readUntil = writer.reached().readUntil();
            return writer;
        });
    }

    @Override
    public Optional<Entity> get(TenantId tenant, long entityId) {
        return complete((reader, runner) -> get(reader, runner, tenant, entityId, new Relation.Current()));
    }

    private static Optional<Entity> get(
            Connection reader, StatementRunner runner, TenantId tenant, long entityId, Relation relation)
            throws SQLException {
        SqlText sql = new SqlText().append("SELECT " + Rows.ENTITY_COLUMNS + " FROM ");
        relation.append(sql, tenant.value());
        sql.append(" WHERE tenant_id = ").value(tenant.value());
        sql.append(" AND entity_id = ").value(entityId);
        try (PreparedStatement statement = reader.prepareStatement(sql.toString())) {
            sql.bind(statement);
            try (ResultSet rows = runner.query(statement)) {
                return rows.next() ? Optional.of(Rows.entity(rows)) : Optional.empty();
            }
        }
    }

    @Override
    public EntityPage find(TenantId tenant, EntityQuery query) {
        EntityPage page = complete(() -> columns.read(
                readers,
                tenant.value(),
                (reader, runner, found) -> new DuckDbFind(tenant, query, found).run(reader, runner)));
        mix.answered(tenant, query);
        return page;
    }

    @Override
    public AggregateResult aggregate(TenantId tenant, AggregateQuery query) {
        AggregateResult result = complete(() -> columns.read(
                readers,
                tenant.value(),
                (reader, runner, found) ->
                        new DuckDbAggregate(tenant, query, found, new Relation.Current()).run(reader, runner)));
        mix.answered(tenant, query);
        return result;
    }

    @Override
    public HistoryPage history(TenantId tenant, HistoryQuery query) {
        requireHistory();
        return complete((reader, runner) -> DuckDbHistory.page(reader, runner, tenant, query));
    }

    @Override
    public Optional<Entity> get(TenantId tenant, long entityId, Instant asOf) {
        requireHistory();
        return complete((reader, runner) -> {
            DuckDbHistory.requireKnown(reader, asOf);
            return get(reader, runner, tenant, entityId, new Relation.AsOf(asOf, OptionalLong.of(entityId)));
        });
    }

    @Override
    public AggregateResult aggregate(TenantId tenant, AggregateQuery query, Instant asOf) {
        requireHistory();
        return complete((reader, runner) -> {
            DuckDbHistory.requireKnown(reader, asOf);
            Relation past = new Relation.AsOf(asOf, OptionalLong.empty());
            return new DuckDbAggregate(tenant, query, PropertyColumns.inMaps(), past).run(reader, runner);
        });
    }

    private void requireHistory() {
        if (!settings.history()) {
            throw DuckDbErrors.noHistory();
        }
    }

    /** What it holds, for comparison with the primary. */
    public ComparisonReader comparison() {
        return new DuckDbComparison(this);
    }

    /** Which attributes have columns of their own, and why; cheap, and never older than the last batch but for names. */
    public PromotionReport promotions() {
        return promotion.report();
    }

    /** Reads; a store that is reset meanwhile has not answered. */
    <T> T complete(ReaderPool.Reading<T> reading) {
        return complete(() -> readers.read(reading));
    }

    private <T> T complete(Supplier<T> reading) {
        long before = resets.get();
        requireComplete();
        if (before % 2 == 1) {
            throw DuckDbErrors.notComplete();
        }
        T answer = reading.get();
        if (resets.get() != before) {
            throw DuckDbErrors.notComplete();
        }
        return answer;
    }

    private boolean isComplete() {
        return watermark.map(Watermark::snapshotComplete).orElse(false);
    }

    private void requireComplete() {
        if (!isComplete()) {
            throw closed.get() ? DuckDbErrors.closed() : DuckDbErrors.notComplete();
        }
    }

    /** Waits for the batch and the queries under way, then closes the file. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        thread.close();
        readers.close();
        try {
            connection.close();
        } catch (SQLException failure) {
            LOG.warn(
                    "The analytics store {} was not closed cleanly; it recovers when opened", settings.file(), failure);
        } finally {
            lock.close();
        }
    }
}
