package com.atlasco.atlas.postgres.statistics;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The statistics that this node has in memory. They are built in the background, one column at a time, when they are first
 * asked for; follow the changes that {@link #learn} is told of; and are built anew when a fifth has changed or they have
 * become old. What is asked for least is forgotten when memory is full. Nothing of this is on the way of a write, and who
 * asks never waits. Thread-safe.
 */
public final class StatisticsCatalog implements AutoCloseable {

    /** Room for some 500 columns. */
    public static final long DEFAULT_BYTES = 96L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(StatisticsCatalog.class);
    /** After which statistics that follow the changes are built anew all the same: old values stay in them. */
    public static final Duration FOLLOWING = Duration.ofMinutes(30);

    /** The same where nobody tells of changes, at first: twice as long each time that nothing much has changed. */
    public static final Duration ALONE = Duration.ofMinutes(1);

    private static final Duration ALONE_AT_MOST = Duration.ofMinutes(5);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

    private final Database database;
    private final Duration old;
    private final LongSupplier ticker;
    private final RandomGenerator random;
    private final Cache<Key, TrackedColumn<?>> columns;
    private final Set<Key> wanted = ConcurrentHashMap.newKeySet();
    private final Map<Key, Long> failed = new ConcurrentHashMap<>();
    private final ExecutorService builder = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("statistics-", 0).factory());
    private volatile boolean closed;

    private record Key(TenantId tenant, Column column) {}

    private StatisticsCatalog(
            Database database, long maxBytes, Duration old, LongSupplier ticker, RandomGenerator random) {
        this.database = database;
        this.old = old;
        this.ticker = ticker;
        this.random = random;
        this.columns = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Key key, TrackedColumn<?> column) -> column.bytes())
                .build();
    }

    /**
     * A catalog without content, with a connection of its own.
     *
     * @param settings the server whose tables are sampled, a replica where there is one
     * @param maxBytes what the sketches may take in memory
     * @param old after which they are built anew, {@link #FOLLOWING} or {@link #ALONE}
     * @param ticker monotonic, in nanoseconds
     */
    public static StatisticsCatalog open(
            PostgresSettings settings, long maxBytes, Duration old, LongSupplier ticker, RandomGenerator random) {
        return new StatisticsCatalog(Database.open(settings), maxBytes, old, ticker, random);
    }

    /** What is known of a column by now; where it is nothing, or no longer good, it is looked up in the background. */
    public Optional<AttributeStatistics> find(TenantId tenant, Column column) {
        Key key = new Key(tenant, column);
        Optional<TrackedColumn<?>> known = Optional.ofNullable(columns.getIfPresent(key));
        if (known.isEmpty()
                || known.get().isDue()
                || ticker.getAsLong() - known.get().builtAt()
                        > known.get().freshFor().toNanos()) {
            build(key);
        }
        return known.map(TrackedColumn::current);
    }

    /** How much of what is known of a column has changed since it was looked up. */
    public Optional<Long> changesSince(TenantId tenant, Column column) {
        return Optional.ofNullable(columns.getIfPresent(new Key(tenant, column)))
                .map(TrackedColumn::changes);
    }

    private void build(Key key) {
        Optional<Long> failure = Optional.ofNullable(failed.get(key));
        if (closed
                || failure.filter(at -> ticker.getAsLong() - at < AFTER_FAILURE.toNanos())
                        .isPresent()
                || !wanted.add(key)) {
            return;
        }
        try {
            builder.execute(() -> {
                try {
                    buildNow(key);
                    failed.remove(key);
                } catch (AtlasException unavailable) {
                    failed.put(key, ticker.getAsLong());
                    LOG.info(
                            "No statistics of {}: {}",
                            key,
                            unavailable.problem().detail());
                } catch (RuntimeException bug) {
                    failed.put(key, ticker.getAsLong());
                    LOG.warn("No statistics of {}", key, bug);
                } finally {
                    wanted.remove(key);
                }
            });
        } catch (RejectedExecutionException closing) {
            wanted.remove(key);
        }
    }

    private TrackedColumn<?> buildNow(Key key) {
        boolean text = switch (key.column()) {
            case Column.Intrinsic.ENTITY_TYPE -> true;
            case Column.Intrinsic.ENTITY_ID -> false;
            case Column.Attribute(var _, DataType dataType) -> dataType == DataType.TEXT;
        };
        TrackedColumn<?> built = text ? sampled(key, Axis.TEXT) : sampled(key, Axis.NUMBERS);
        columns.put(key, built);
        return built;
    }

    private <K> TrackedColumn<K> sampled(Key key, Axis<K> axis) {
        long builtAt = ticker.getAsLong();
        SampleReader.Sample<K> sample = database.run(
                key.tenant(),
                session -> new SampleReader(session, key.tenant(), SampleReader.VALUES).read(key.column(), axis));
        TrackedColumn<K> built = new TrackedColumn<>(axis, sample, builtAt, old, random);
        return Optional.ofNullable(columns.getIfPresent(key))
                .filter(before ->
                        builtAt - before.builtAt() >= before.freshFor().toNanos() && built.isLike(before))
                .map(before -> built.freshFor(longer(before.freshFor())))
                .orElse(built);
    }

    /** What has not changed need not be looked up again so soon. */
    private Duration longer(Duration before) {
        Duration most = old.compareTo(ALONE_AT_MOST) < 0 ? ALONE_AT_MOST : old;
        Duration twice = before.multipliedBy(2);
        return twice.compareTo(most) < 0 ? twice : most;
    }

    /**
     * Looks columns up anew, now, and returns what was found, in the same order.
     *
     * @throws AtlasException {@code source_unavailable} when the server cannot be reached
     */
    public List<AttributeStatistics> rebuild(TenantId tenant, Collection<? extends Column> which) {
        List<AttributeStatistics> built = new ArrayList<>();
        for (Column column : which) {
            built.add(buildNow(new Key(tenant, column)).current());
        }
        return built;
    }

    /**
     * Takes in values that were written.
     *
     * @param created whether with a new entity
     */
    public void learn(TenantId tenant, boolean created, String entityType, long entityId, Map<Integer, Value> values) {
        values.forEach((attributeId, value) -> {
            if (value.dataType() != DataType.JSON) {
                Column.key(value)
                        .ifPresent(key ->
                                learn(tenant, new Column.Attribute(attributeId, value.dataType()), key, created));
            }
        });
        if (created) {
            learn(tenant, Column.Intrinsic.ENTITY_TYPE, TextKeys.cut(entityType), true);
            learn(tenant, Column.Intrinsic.ENTITY_ID, (double) entityId, true);
        }
    }

    private void learn(TenantId tenant, Column column, Object key, boolean created) {
        Optional.ofNullable(columns.getIfPresent(new Key(tenant, column)))
                .ifPresent(known -> known.learn(key, created));
    }

    /** An entity is gone. */
    public void forgetEntity(TenantId tenant) {
        for (Column column : Column.Intrinsic.values()) {
            Optional.ofNullable(columns.getIfPresent(new Key(tenant, column))).ifPresent(TrackedColumn::forgetOne);
        }
    }

    /** A tenant is gone, or all that was known of it is wrong. */
    public void forget(TenantId tenant) {
        columns.asMap().keySet().removeIf(key -> key.tenant().equals(tenant));
    }

    @Override
    public void close() {
        closed = true;
        builder.shutdownNow();
        database.close();
    }
}
