package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.freshness.ReadRequest.Shape;
import com.atlasco.atlas.freshness.cache.CachedRead;
import com.atlasco.atlas.freshness.cache.EntityCache;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import com.atlasco.atlas.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Writers, a replica, a change stream that fills nothing but the cache's knowledge, and readers of single entities in virtual
 * time. Reads take their time, changes overtake them, commits are visible on the primary late, the stream ends and begins
 * again beyond what it has told. Every answer is held against what had been acknowledged, and what its token stands for.
 */
final class CacheSimulation {

    private static final TenantId TENANT = new TenantId(1);
    private static final int KEYS = 12;

    private final Random random;
    private final VirtualTime time;
    private final KeyedLog log;
    private final HeartbeatLog heartbeats = new HeartbeatLog("node-1", 36_000);
    private final PrimaryMonitor primary;
    private final HeartbeatPulse pulse;
    private final SourceTracker replica;
    private final Router router;
    private final EntityCache cache;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final Map<Integer, Long> ownWrites = new HashMap<>();
    private final Map<Integer, Position> session = new HashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private int replicaApplied;
    private boolean replicaPaused;
    private long replicaDelay = ms(2);
    private int streamApplied;
    private boolean streamRuns = true;
    private long streamDelay = ms(30);

    private record Acknowledged(long at, int key, long version, Position token) {}

    CacheSimulation(long seed) {
        this.random = new Random(seed);
        this.time = new VirtualTime(seed % 2 == 0 ? Long.MAX_VALUE - ms(20_000) : 0);
        this.log = new KeyedLog(random);
        ProgressSignal signal = new ProgressSignal();
        this.primary = new PrimaryMonitor(HeartbeatSettings.defaults(), time::ticker, time::instant, signal);
        this.pulse = new HeartbeatPulse(heartbeats, primary, time::ticker);
        this.replica = new SourceTracker(
                Source.REPLICA, heartbeats, MonitorSettings.forReplica(), time::ticker, time::instant, signal);
        this.cache = new EntityCache(1 << 20, heartbeats, time::ticker, time::instant, signal);
        this.router = new Router(
                primary,
                List.of(replica),
                Optional.empty(),
                RouterSettings.defaults(),
                signal,
                time::ticker,
                RoutingObserver.NONE,
                () -> {});
    }

    /** Runs for so long in virtual time and returns how often what happened. */
    Map<String, Integer> run(Duration duration) {
        cache.follow();
        write();
        beat();
        probe();
        replay();
        stream();
        read();
        fault();
        time.runUntil(duration.toNanos());
        count("refused fills", (int) cache.figures().refusedFills());
        count("invalidations", (int) cache.figures().invalidations());
        return counts;
    }

    private void write() {
        int key = 1 + Math.min(random.nextInt(KEYS), random.nextInt(KEYS));
        boolean deleted = random.nextInt(8) == 0;
        boolean own = random.nextInt(3) == 0;
        long visible = random.nextInt(6) == 0 ? upTo(400) : upTo(1);
        KeyedLog.Entry entry = log.commit(key, deleted, time.ticker(), time.ticker() + visible);
        time.after(visible + upTo(3), () -> {
            if (own) {
                cache.written(TENANT, List.of((long) key));
                ownWrites.merge(key, entry.version(), Math::max);
                primary.wrote(entry.end());
            }
            acknowledged.add(new Acknowledged(time.ticker(), key, entry.version(), entry.end()));
        });
        time.after(random.nextInt(20) == 0 ? upTo(2_000) : upTo(60), this::write);
    }

    private void beat() {
        HeartbeatPulse.Beat beat = pulse.begin();
        Position flushed = log.position();
        boolean late = random.nextInt(20) == 0;
        if (late) {
            time.after(
                    upTo(400), () -> log.commitHeartbeat(heartbeats.nodeId(), beat.sequence(), flushed, time.ticker()));
            pulse.failed("given up on");
        } else {
            time.after(
                    upTo(3),
                    () -> pulse.succeeded(
                            beat, log.commitHeartbeat(heartbeats.nodeId(), beat.sequence(), flushed, time.ticker())));
        }
        time.after(ms(100), this::beat);
    }

    private void replay() {
        for (int most = 1 + random.nextInt(40);
                most > 0
                        && !replicaPaused
                        && replicaApplied < log.size()
                        && time.ticker() - log.entry(replicaApplied).committedAt() >= replicaDelay;
                most--) {
            replicaApplied++;
        }
        time.after(upTo(4), this::replay);
    }

    private void probe() {
        Optional<Heartbeat> heartbeat = log.newestHeartbeat(replicaApplied);
        Optional<Position> position = replicaApplied == 0
                ? Optional.empty()
                : Optional.of(log.entry(replicaApplied - 1).end());
        Observation seen = new Observation(heartbeat, heartbeat.flatMap(_ -> position), Map.of());
        time.after(upTo(3), () -> replica.observed(seen));
        time.after(ms(25), this::probe);
    }

    /** What it has applied is told a moment later, changes before progress; sometimes it ends in between. */
    private void stream() {
        int from = streamApplied;
        while (streamApplied < log.size()
                && time.ticker() - log.entry(streamApplied).committedAt() >= streamDelay
                && streamApplied - from < 1 + random.nextInt(60)) {
            streamApplied++;
        }
        int to = streamApplied;
        if (streamRuns && to > from) {
            if (random.nextInt(60) == 0) {
                // Durable in the store, and nobody is told.
                gap();
            } else {
                tell(from, to);
            }
        }
        time.after(upTo(60), this::stream);
    }

    private void tell(int from, int to) {
        List<Heartbeat> beats = new ArrayList<>();
        for (int index = from; index < to; index++) {
            KeyedLog.Entry entry = log.entry(index);
            if (entry.key() != KeyedLog.HEARTBEAT) {
                cache.changed(TENANT, entry.key());
            }
            entry.heartbeat().ifPresent(beats::add);
        }
        // The end of a transaction is known with the next one.
        if (to >= 2) {
            cache.passed(log.entry(to - 2).end(), beats);
        }
    }

    private void gap() {
        streamRuns = false;
        cache.unfollow("it ended");
        count("gap");
        time.after(upTo(1_500), () -> {
            cache.follow();
            streamRuns = true;
        });
    }

    private void fault() {
        long lasting = random.nextInt(4) == 0 ? upTo(8_000) : upTo(1_000);
        switch (random.nextInt(5)) {
            case 0 -> {
                replicaPaused = true;
                time.after(lasting, () -> replicaPaused = false);
            }
            case 1 -> {
                replicaDelay = upTo(900);
                time.after(lasting, () -> replicaDelay = ms(2));
            }
            case 2 -> {
                streamDelay = upTo(2_000);
                time.after(lasting, () -> streamDelay = ms(30));
            }
            case 3 -> {
                replica.suspend("it is reset");
                time.after(upTo(300), replica::resume);
            }
            default -> {
                if (random.nextInt(4) == 0) {
                    log.switchTimeline(time.ticker());
                    session.clear();
                    count("timeline");
                }
            }
        }
        time.after(upTo(3_000), this::fault);
    }

    private void read() {
        int key = 1 + Math.min(random.nextInt(KEYS), random.nextInt(KEYS));
        Optional<Integer> client = random.nextInt(3) == 0 ? Optional.of(random.nextInt(5)) : Optional.empty();
        Optional<Position> token = client.map(session::get).or(this::writersToken);
        ReadRequest request = new ReadRequest(
                pick(FreshnessClass.values()),
                random.nextInt(3) == 0 ? Optional.of(Duration.ofMillis(random.nextInt(600))) : Optional.empty(),
                pick(FallbackStrategy.values()),
                token.map(ConsistencyToken::new),
                Shape.POINT);
        CachedRead cached = cache.look(TENANT, key);
        attempt(router.begin(request, Set.of(), Optional.of(cached)), new Read(key, client, token, request, cached));
        time.after(upTo(8), this::read);
    }

    private record Read(
            int key, Optional<Integer> client, Optional<Position> token, ReadRequest request, CachedRead cached) {}

    private Optional<Position> writersToken() {
        return random.nextInt(3) > 0 || acknowledged.isEmpty()
                ? Optional.empty()
                : Optional.of(acknowledged.getLast().token());
    }

    private void attempt(Routing routing, Read read) {
        try {
            switch (routing.step()) {
                case Routing.Step.Wait(long nanos) ->
                    time.after(Math.min(nanos, upTo(3)), () -> attempt(routing, read));
                case Routing.Step.Decided(RouteDecision decision) ->
                    time.after(random.nextInt(10) == 0 ? upTo(100) : upTo(2), () -> perform(decision, read));
            }
        } catch (AtlasException refusal) {
            count(refusal.problem().code().wireName());
        }
    }

    private void perform(RouteDecision decision, Read read) {
        ReadPermit permit;
        try {
            permit = decision.begin();
        } catch (AtlasException refusal) {
            count("begin refused at " + decision.source().wireName());
            return;
        } finally {
            decision.close();
        }
        if (permit.source() == Source.CACHE) {
            Entity entity = read.cached().entity().orElseThrow();
            Position shown = read.cached().shown().orElseThrow();
            assertThat(permit.bound()).isLessThan(read.request().limit());
            assertThat(log.versionAt(read.key(), shown))
                    .as("what a token of the cache stands for contains what was shown")
                    .isGreaterThanOrEqualTo(entity.version());
            assertThat(entity.version())
                    .as("what the cache shows of %d after this node's own write", read.key())
                    .isGreaterThanOrEqualTo(ownWrites.getOrDefault(read.key(), 0L));
            if (permit.health() == ReplicationHealth.HEALTHY) {
                count("served by cache, followed");
            }
            check(permit, read, entity.version());
            remember(read, shown);
            return;
        }
        // The statement begins, its snapshot is taken, its rows come.
        time.after(upTo(3), () -> {
            KeyedLog.Seen seen = permit.source() == Source.PRIMARY
                    ? log.visible(read.key(), time.ticker())
                    : log.applied(read.key(), replicaApplied);
            Position shown = permit.source() == Source.PRIMARY
                    ? log.position()
                    : log.entry(replicaApplied - 1).end();
            time.after(random.nextInt(5) == 0 ? upTo(300) : upTo(3), () -> {
                try {
                    permit.confirm();
                } catch (AtlasException refusal) {
                    count("confirm refused");
                    return;
                }
                // A primary shows the commits of a token only once they are visible: another matter than this one.
                if (permit.source() != Source.PRIMARY) {
                    check(permit, read, seen.version());
                }
                remember(read, shown);
                if (!seen.deleted()) {
                    Entity entity = new Entity(read.key(), "thing", seen.version(), Document.empty(), Instant.EPOCH);
                    read.cached().fill(permit, entity, shown);
                }
            });
        });
    }

    private void remember(Read read, Position shown) {
        read.client().ifPresent(client -> {
            Position before = session.get(client);
            if (before == null || shown.contains(before)) {
                session.put(client, shown);
            }
        });
    }

    /** The promise. */
    private void check(ReadPermit permit, Read read, long version) {
        count("served by " + permit.source().wireName());
        long needed = permit.startedAt() - permit.bound().toNanos();
        long newest = 0;
        for (int index = acknowledged.size() - 1; index >= 0; index--) {
            Acknowledged write = acknowledged.get(index);
            if (write.key() == read.key() && write.at() - needed < 0) {
                newest = Math.max(newest, write.version());
            }
        }
        assertThat(version)
                .as(
                        "newest version of %d acknowledged more than %s before a read of the %s",
                        read.key(), permit.bound(), permit.source())
                .isGreaterThanOrEqualTo(newest);
        read.token().ifPresent(token -> {
            count("token met by " + permit.source().wireName());
            assertThat(version)
                    .as("version of %d at the token, read from the %s", read.key(), permit.source())
                    .isGreaterThanOrEqualTo(log.versionAt(read.key(), token));
        });
    }

    private void count(String what) {
        count(what, 1);
    }

    private void count(String what, int times) {
        counts.merge(what, times, Integer::sum);
    }

    private <T> T pick(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private long upTo(long millis) {
        return random.nextLong(ms(millis) + 1);
    }

    private static long ms(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
