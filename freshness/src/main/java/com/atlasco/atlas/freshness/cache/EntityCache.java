package com.atlasco.atlas.freshness.cache;

import com.atlasco.atlas.freshness.HeartbeatLog;
import com.atlasco.atlas.freshness.MonitoredSource;
import com.atlasco.atlas.freshness.ProgressSignal;
import com.atlasco.atlas.freshness.ReadPermit;
import com.atlasco.atlas.freshness.SourceStatus;
import com.atlasco.atlas.freshness.SourceStatus.Contained;
import com.atlasco.atlas.freshness.SourceStatus.State;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import com.atlasco.atlas.model.TenantId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Entities as the primary and the replicas have shown them. A copy is known to be current up to the moment that the read
 * which it comes from vouches for, and it ages from there. Where this node is told of all changes, in the order of their
 * commits, a copy that none of them touched is current up to the newest heartbeat that they have passed.
 *
 * <p>What makes that true: whoever is told of changes drops the copies of their entities <em>before</em> progress is told.
 * A reader looks at the progress <em>before</em> it looks for the copy. And a copy is only believed to be told of all that it
 * lacks if the source that it was read from contained a heartbeat sent after the newest change of that entity which had
 * passed by then: so no change that it lacks has passed already.
 *
 * <p>The primary is not asked for its heartbeat: it may show a commit after the change stream has passed it (a commit is
 * durable before it is visible). Its copies age from their reading, and meet no token.
 *
 * <p>Thread-safe. Nothing here blocks for longer than a look into a map.
 */
public final class EntityCache implements MonitoredSource {

    private final HeartbeatLog log;
    private final LongSupplier ticker;
    private final InstantSource clock;
    private final ProgressSignal signal;
    private final Cache<EntityKey, CachedEntity> copies;
    private final Policy<EntityKey, CachedEntity> policy;
    private final long maximumBytes;
    private final RecentChanges recent = new RecentChanges();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder fills = new LongAdder();
    private final LongAdder refusedFills = new LongAdder();
    private final LongAdder invalidations = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private volatile ChangeStream stream;
    private long runs;

    /**
     * Empty, and told of nothing yet.
     *
     * @param maximumBytes what copies may take, about; positive
     * @param log of the heartbeats that this node sends
     * @param ticker the monotonic clock in nanoseconds, the one that everything else on this node is given
     * @param clock the wall clock, for people
     * @param signal is raised with every progress
     */
    public EntityCache(
            long maximumBytes, HeartbeatLog log, LongSupplier ticker, InstantSource clock, ProgressSignal signal) {
        if (maximumBytes <= 0) {
            throw new IllegalArgumentException("a cache takes more than " + maximumBytes + " bytes");
        }
        this.maximumBytes = maximumBytes;
        this.log = log;
        this.ticker = ticker;
        this.clock = clock;
        this.signal = signal;
        this.copies = Caffeine.newBuilder()
                .maximumWeight(maximumBytes)
                .weigher((EntityKey _, CachedEntity copy) -> EntityWeight.bytes(copy.entity()))
                .evictionListener((_, _, _) -> evictions.increment())
                .executor(Runnable::run)
                .build();
        this.policy = copies.policy();
        this.stream = new ChangeStream(
                ChangeStream.NONE,
                0,
                Optional.empty(),
                Optional.empty(),
                0,
                clock.instant(),
                "no change capture tells this node of changes: copies age from their reading");
    }

    @Override
    public Source source() {
        return Source.CACHE;
    }

    /** What is known of copies that have no better knowledge of their own: how far the changes have come. */
    @Override
    public SourceStatus status() {
        ChangeStream known = stream;
        return new SourceStatus(
                Source.CACHE,
                known.contained().isPresent() ? State.HEALTHY : State.UNKNOWN,
                known.contained(),
                known.position(),
                known.generation(),
                known.since(),
                known.why());
    }

    /** Begins a read that the cache may serve, or that may fill it. */
    public CachedRead look(TenantId tenant, long entityId) {
        EntityKey key = new EntityKey(tenant, entityId);
        long touched = recent.touched(key);
        long generation = stream.generation();
        return new CachedRead(this, key, touched, generation, Optional.ofNullable(copies.getIfPresent(key)));
    }

    SourceStatus status(EntityKey key, Optional<CachedEntity> read) {
        // Before the copy is looked for: that it is there tells that the changes up to here have not touched it.
        ChangeStream known = stream;
        if (read.isEmpty()) {
            return unknown(known, known.generation(), "it has no copy of this entity");
        }
        CachedEntity copy = read.get();
        if (!copy.permit().isCurrent() || copy.generation() != known.generation()) {
            // Another generation than it had, so that a read under way is refused.
            return unknown(known, copy.generation() + 1, "the source that its copy came from was reset or replaced");
        }
        if (!holds(key, copy)) {
            return unknown(known, known.generation(), "its copy of this entity was dropped");
        }
        boolean followed = known.isFollowed()
                && copy.followed() == known.run()
                && known.position().map(copy.position()::sameHistory).orElse(true);
        Contained contained = copy.contained();
        Position position = copy.position();
        if (followed && known.contained().isPresent() && known.position().isPresent()) {
            Contained passed = known.contained().get();
            contained = passed.moment() - contained.moment() > 0 ? passed : contained;
            position =
                    known.position().get().contains(position) ? known.position().get() : position;
        }
        return new SourceStatus(
                Source.CACHE,
                followed ? State.HEALTHY : State.UNKNOWN,
                Optional.of(contained),
                Optional.of(position),
                known.generation(),
                known.since(),
                followed ? "no change has touched its copy" : "its copy ages from its reading");
    }

    /** This very copy: an equal one may have been put in its place after a change had passed. */
    @SuppressWarnings("ReferenceEquality")
    private boolean holds(EntityKey key, CachedEntity copy) {
        return policy.getIfPresentQuietly(key) == copy;
    }

    private static SourceStatus unknown(ChangeStream known, long generation, String why) {
        return new SourceStatus(
                Source.CACHE, State.UNKNOWN, Optional.empty(), Optional.empty(), generation, known.since(), why);
    }

    void fill(CachedRead read, ReadPermit permit, Entity entity, Position shown) {
        copies.asMap().compute(read.key(), (key, held) -> {
            // In here, so that a change which passes now finds either nothing that it has to drop, or what was put.
            ChangeStream known = stream;
            boolean touched = recent.touched(key) != read.touched() || known.generation() != read.generation();
            Optional<CachedEntity> copy = touched ? Optional.empty() : copy(key, known, permit, entity, shown);
            if (copy.isEmpty()) {
                refusedFills.increment();
                return held;
            }
            if (held != null && !copy.get().isBetterThan(held)) {
                return held;
            }
            fills.increment();
            return copy.get();
        });
    }

    private Optional<CachedEntity> copy(
            EntityKey key, ChangeStream known, ReadPermit permit, Entity entity, Position shown) {
        Optional<Position> position = permit.position().filter(shown::sameHistory);
        if (position.isEmpty()) {
            return Optional.empty();
        }
        return switch (permit.source()) {
            case PRIMARY -> {
                Contained read = new Contained(0, permit.startedAt(), permit.startedAt());
                Position nothing = new Position(shown.systemId(), shown.timeline(), Lsn.ZERO);
                yield Optional.of(
                        new CachedEntity(entity, permit, read, nothing, shown, ChangeStream.NONE, known.generation()));
            }
            case REPLICA -> {
                Contained contained = permit.contained().orElseThrow();
                boolean hasWhatWasNoted = contained.sequence() > Math.max(known.floor(), recent.heartbeat(key))
                        && known.position().map(shown::sameHistory).orElse(true);
                yield hasWhatWasNoted
                        ? Optional.of(new CachedEntity(
                                entity, permit, contained, position.get(), shown, known.run(), known.generation()))
                        : Optional.empty();
            }
            case OLAP, CACHE -> Optional.empty();
        };
    }

    /**
     * This node has written these entities, or may have: to be called before anyone is told so. From then on no copy shows
     * less than that.
     */
    public void written(TenantId tenant, Collection<Long> entityIds) {
        for (long entityId : entityIds) {
            EntityKey key = new EntityKey(tenant, entityId);
            recent.note(key, log.newestSequence());
            drop(key);
        }
    }

    /** From here on this node is told of every change that is committed from now on, and of some before. */
    public synchronized void follow() {
        if (stream.isFollowed()) {
            return;
        }
        runs++;
        stream = new ChangeStream(
                runs,
                log.newestSequence(),
                Optional.empty(),
                Optional.empty(),
                stream.generation(),
                clock.instant(),
                "change capture tells of changes; none of this node's heartbeats has passed yet");
    }

    /** This node may miss changes from here on: every copy is dropped, and new ones age from their reading. */
    public synchronized void unfollow(String why) {
        if (stream.isFollowed()) {
            empty(ChangeStream.NONE, why + ": copies age from their reading");
        }
    }

    /** The change stream has passed a change of an entity. */
    public void changed(TenantId tenant, long entityId) {
        EntityKey key = new EntityKey(tenant, entityId);
        recent.note(key, log.newestSequence());
        drop(key);
    }

    /** The change stream has passed the end of a tenant. */
    public void tenantDeleted(TenantId tenant) {
        recent.noteAll(log.newestSequence());
        copies.asMap().keySet().removeIf(key -> key.tenant() == tenant.value());
    }

    /**
     * The change stream has passed everything up to a position, and this node has been told of it.
     *
     * @param heartbeats some that it has passed
     */
    public synchronized void passed(Position position, Collection<Heartbeat> heartbeats) {
        ChangeStream known = stream;
        if (!known.isFollowed()) {
            return;
        }
        if (known.position().filter(before -> !before.sameHistory(position)).isPresent()) {
            runs++;
            empty(runs, "change capture follows another history since");
            known = stream;
        }
        Optional<Position> furthest =
                known.position().filter(before -> before.contains(position)).or(() -> Optional.of(position));
        stream = new ChangeStream(
                known.run(),
                known.floor(),
                newest(known.contained(), heartbeats),
                furthest,
                known.generation(),
                known.contained().isPresent() ? known.since() : clock.instant(),
                "it is told of every change");
        signal.raise();
    }

    private Optional<Contained> newest(Optional<Contained> known, Collection<Heartbeat> heartbeats) {
        Optional<Contained> newest = known;
        for (Heartbeat heartbeat : heartbeats) {
            OptionalLong moment = log.moment(heartbeat.nodeId(), heartbeat.sequence());
            if (moment.isPresent()
                    && heartbeat.sequence() > newest.map(Contained::sequence).orElse(0L)) {
                newest = Optional.of(new Contained(heartbeat.sequence(), moment.getAsLong(), ticker.getAsLong()));
            }
        }
        return newest;
    }

    private void empty(long run, String why) {
        stream = new ChangeStream(
                run,
                log.newestSequence(),
                Optional.empty(),
                Optional.empty(),
                stream.generation() + 1,
                clock.instant(),
                why);
        copies.invalidateAll();
    }

    private void drop(EntityKey key) {
        if (copies.asMap().remove(key) != null) {
            invalidations.increment();
        }
    }

    void hit() {
        hits.increment();
    }

    void missed() {
        misses.increment();
    }

    /** What it has done and what it holds. */
    public CacheFigures figures() {
        return new CacheFigures(
                hits.sum(),
                misses.sum(),
                fills.sum(),
                refusedFills.sum(),
                invalidations.sum(),
                evictions.sum(),
                copies.estimatedSize(),
                policy.eviction().orElseThrow().weightedSize().orElse(0),
                maximumBytes);
    }
}
