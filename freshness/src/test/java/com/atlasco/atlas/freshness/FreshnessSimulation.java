package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.freshness.ReadRequest.Shape;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Writers, a replica, an analytics store, heartbeats, probes and readers in virtual time, with faults of many kinds.
 * Every answer is checked against what had been acknowledged.
 */
final class FreshnessSimulation {

    /** Which faults there are, and how readers confirm. */
    enum Weather {
        CALM,
        /** Everything but unannounced replacements; readers confirm by what the node knows. */
        STORM,
        /** Unannounced replacements too; readers confirm by what their snapshot contained. */
        REPLACEMENTS
    }

    private static final int PRIMARY_CAP = 3;

    private final Weather weather;
    private final Random random;
    private final VirtualTime time;
    private final SimulatedStore store;
    private final SimulatedStore.Copy replicaCopy;
    private final SimulatedStore.Copy olapCopy;
    private final HeartbeatLog heartbeats = new HeartbeatLog("node-1", 36_000);
    private final PrimaryMonitor primary;
    private final HeartbeatPulse pulse;
    private final SourceTracker replica;
    private final SourceTracker olap;
    private final Router router;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<Source, Boolean> unreachable = new TreeMap<>();
    private boolean primaryDown;
    private boolean beatWanted;
    private int takenOver;

    private record Acknowledged(long at, int highestIndex, int index, Position token) {}

    private record Token(ConsistencyToken token, Optional<Integer> index) {}

    FreshnessSimulation(long seed, Weather weather) {
        this.weather = weather;
        this.random = new Random(seed);
        // Half of the runs see the monotonic clock overflow.
        this.time = new VirtualTime(seed % 2 == 0 ? Long.MAX_VALUE - ms(20_000) : 0);
        this.store = new SimulatedStore(time, random);
        this.replicaCopy = store.new Copy(true, ms(2));
        this.olapCopy = store.new Copy(false, ms(60));
        ProgressSignal signal = new ProgressSignal();
        this.primary = new PrimaryMonitor(HeartbeatSettings.defaults(), time::ticker, time::instant, signal);
        this.pulse = new HeartbeatPulse(heartbeats, primary, time::ticker);
        this.replica = new SourceTracker(
                Source.REPLICA, heartbeats, MonitorSettings.forReplica(), time::ticker, time::instant, signal);
        this.olap = new SourceTracker(
                Source.OLAP, heartbeats, MonitorSettings.forOlap(), time::ticker, time::instant, signal);
        this.router = new Router(
                primary,
                List.of(replica),
                Optional.of(olap),
                new RouterSettings(Duration.ofMillis(250), Duration.ofSeconds(1), PRIMARY_CAP, Duration.ofSeconds(1)),
                signal,
                time::ticker,
                RoutingObserver.NONE,
                () -> beatWanted = true);
    }

    /** Runs for so long in virtual time and returns how often what happened. */
    Map<String, Integer> run(Duration duration) {
        write();
        beat();
        probe(replica, replicaCopy, ms(25));
        probe(olap, olapCopy, ms(50));
        follow(replicaCopy, 2);
        follow(olapCopy, 40);
        read();
        if (weather != Weather.CALM) {
            fault();
        }
        time.runUntil(duration.toNanos());
        return counts;
    }

    private void write() {
        if (!primaryDown) {
            time.after(upTo(3), () -> {
                int index = store.commit();
                Position token = store.position();
                boolean ownWrite = random.nextInt(3) == 0;
                time.after(random.nextInt(5) == 0 ? upTo(60) : upTo(3), () -> {
                    int highest = acknowledged.isEmpty() ? 0 : acknowledged.getLast().highestIndex;
                    acknowledged.add(new Acknowledged(time.ticker(), Math.max(highest, index), index, token));
                    if (ownWrite) {
                        primary.wrote(token);
                    }
                });
            });
        }
        time.after(random.nextInt(200) == 0 ? upTo(2000) : upTo(10), this::write);
    }

    /** The life of a heartbeat: noted, on its way, in its transaction, committed, acknowledged; or lost anywhere. */
    private void beat() {
        HeartbeatPulse.Beat beat = pulse.begin();
        boolean storm = weather != Weather.CALM;
        boolean lost = storm && random.nextInt(20) == 0;
        boolean late = storm && random.nextInt(20) == 0;
        boolean silent = storm && random.nextInt(20) == 0;
        long toPrimary = storm && random.nextInt(10) == 0 ? upTo(150) : upTo(3);
        long toCommit = storm && random.nextInt(10) == 0 ? upTo(150) : upTo(3);
        long back = storm && random.nextInt(10) == 0 ? upTo(300) : upTo(3);
        if (primaryDown || lost) {
            time.after(ms(50), () -> beatFailed("lost"));
        } else if (late) {
            time.after(ms(30), () -> beatFailed("given up on"));
            time.after(ms(30) + upTo(1500), () -> commitBeat(beat, store.position()));
        } else {
            time.after(toPrimary, () -> {
                Position flushed = store.position();
                time.after(toCommit, () -> {
                    if (!commitBeat(beat, flushed)) {
                        beatFailed("the row is newer");
                    } else if (silent) {
                        time.after(ms(100), () -> beatFailed("committed, but the answer is lost"));
                    } else {
                        time.after(back, () -> {
                            pulse.succeeded(
                                    beat,
                                    new com.atlasco.atlas.model.Heartbeat(
                                            heartbeats.nodeId(), beat.sequence(), flushed, time.instant()));
                            nextBeat();
                        });
                    }
                });
            });
        }
    }

    private boolean commitBeat(HeartbeatPulse.Beat beat, Position flushed) {
        return store.commitHeartbeat(heartbeats.nodeId(), beat.sequence(), flushed)
                .isPresent();
    }

    private void beatFailed(String why) {
        pulse.failed(why);
        nextBeat();
    }

    private void nextBeat() {
        time.after(beatWanted ? ms(10) : ms(50), this::beat);
        beatWanted = false;
    }

    private void probe(SourceTracker tracker, SimulatedStore.Copy copy, long interval) {
        boolean failing = unreachable.getOrDefault(tracker.source(), false);
        boolean storm = weather != Weather.CALM;
        long answer =
                storm && random.nextInt(400) == 0 ? upTo(4000) : storm && random.nextInt(8) == 0 ? upTo(400) : upTo(3);
        time.after(upTo(3), () -> {
            Observation seen = copy.observe();
            time.after(answer, () -> {
                if (failing) {
                    tracker.failed("no route");
                } else {
                    tracker.observed(seen);
                }
                time.after(interval, () -> probe(tracker, copy, interval));
            });
        });
    }

    private void follow(SimulatedStore.Copy copy, long interval) {
        copy.follow(1 + random.nextInt(random.nextInt(4) == 0 ? 3000 : 40));
        time.after(upTo(interval * 2), () -> follow(copy, interval));
    }

    private void fault() {
        boolean onReplica = random.nextBoolean();
        SimulatedStore.Copy copy = onReplica ? replicaCopy : olapCopy;
        SourceTracker tracker = onReplica ? replica : olap;
        long lasting = random.nextInt(4) == 0 ? upTo(12_000) : upTo(2_000);
        switch (random.nextInt(weather == Weather.REPLACEMENTS ? 8 : 6)) {
            case 0 -> {
                copy.pause(true);
                time.after(lasting, () -> copy.pause(false));
            }
            case 1 -> {
                copy.slow(upTo(1500));
                time.after(lasting, () -> copy.slow(0));
            }
            case 2 -> {
                unreachable.put(tracker.source(), true);
                time.after(lasting, () -> unreachable.put(tracker.source(), false));
            }
            case 3 -> {
                tracker.suspend("it is reset");
                time.after(upTo(300), () -> {
                    copy.goBackTo(random.nextBoolean() ? 0 : copy.applied() - random.nextInt(2000));
                    time.after(upTo(100), tracker::resume);
                });
            }
            case 4 -> {
                primaryDown = true;
                time.after(lasting, () -> primaryDown = false);
            }
            case 5 -> {
                if (random.nextInt(4) == 0) {
                    store.switchTimeline();
                }
            }
            default -> copy.goBackTo(copy.applied() - random.nextInt(1500));
        }
        time.after(upTo(4000), this::fault);
    }

    private void read() {
        Optional<Token> token = token();
        Optional<Duration> maxLag = random.nextInt(5) == 0
                ? Optional.of(Duration.ofMillis(random.nextInt(8) == 0 ? 0 : random.nextInt(500)))
                : Optional.empty();
        ReadRequest request = new ReadRequest(
                pick(FreshnessClass.values()),
                maxLag,
                pick(FallbackStrategy.values()),
                token.map(Token::token),
                pick(Shape.values()));
        attempt(router.begin(request), request, token);
        time.after(upTo(20), this::read);
    }

    private Optional<Token> token() {
        int kind = random.nextInt(100);
        if (kind < 3) {
            Position position = store.position();
            Lsn ahead = new Lsn(position.lsn().value() + 10_000_000);
            return Optional.of(new Token(
                    new ConsistencyToken(new Position(position.systemId(), position.timeline(), ahead)),
                    Optional.empty()));
        }
        if (kind < 50 && !acknowledged.isEmpty()) {
            int back = random.nextBoolean() ? 1 : 1 + random.nextInt(Math.min(300, acknowledged.size()));
            Acknowledged write = acknowledged.get(acknowledged.size() - back);
            return Optional.of(new Token(new ConsistencyToken(write.token), Optional.of(write.index)));
        }
        return Optional.empty();
    }

    private void attempt(Routing routing, ReadRequest request, Optional<Token> token) {
        Routing.Step step;
        try {
            step = routing.step();
        } catch (AtlasException refusal) {
            refused(refusal, token);
            return;
        }
        switch (step) {
            case Routing.Step.Wait(long nanos) ->
                time.after(Math.min(nanos, upTo(3)), () -> attempt(routing, request, token));
            case Routing.Step.Decided(RouteDecision decision) -> {
                boolean takesOver = decision.fallback() && decision.source() == Source.PRIMARY;
                takenOver += takesOver ? 1 : 0;
                assertThat(takenOver).isLessThanOrEqualTo(PRIMARY_CAP);
                count(decision.reason().wireName());
                // The wait for a connection.
                time.after(
                        random.nextInt(10) == 0 ? upTo(400) : upTo(5),
                        () -> perform(decision, request, token, takesOver));
            }
        }
    }

    private void refused(AtlasException refusal, Optional<Token> token) {
        ErrorCode code = refusal.problem().code();
        boolean impossible = token.isPresent() && token.get().index().isEmpty();
        count(code.wireName() + (impossible ? " for an impossible token" : ""));
        if (code == ErrorCode.INVALID_TOKEN && !impossible) {
            assertThat(token.orElseThrow().token().position().sameHistory(store.position()))
                    .as("a genuine token is refused only when the store's history has changed")
                    .isFalse();
        }
    }

    private void perform(RouteDecision decision, ReadRequest request, Optional<Token> token, boolean takesOver) {
        ReadPermit permit;
        try {
            permit = decision.begin();
        } catch (AtlasException refusal) {
            count("begin refused");
            decision.close();
            takenOver -= takesOver ? 1 : 0;
            return;
        }
        time.after(random.nextBoolean() ? 0 : upTo(2), () -> {
            int contained = switch (permit.source()) {
                case PRIMARY, CACHE -> store.size();
                case REPLICA -> replicaCopy.applied();
                case OLAP -> olapCopy.applied();
            };
            Observation sameSnapshot = permit.source() == Source.OLAP ? olapCopy.observe() : replicaCopy.observe();
            Position reached = store.position();
            time.after(random.nextBoolean() ? 0 : upTo(80), () -> {
                decision.close();
                takenOver -= takesOver ? 1 : 0;
                try {
                    if (weather == Weather.REPLACEMENTS && permit.source() != Source.PRIMARY) {
                        permit.confirm(sameSnapshot);
                    } else if (permit.source() == Source.PRIMARY) {
                        permit.confirm(Optional.of(reached));
                    } else {
                        permit.confirm();
                    }
                } catch (AtlasException refusal) {
                    boolean impossible =
                            token.isPresent() && token.get().index().isEmpty();
                    count("confirm refused" + (impossible ? " for an impossible token" : ""));
                    return;
                }
                check(permit, request, token, contained);
            });
        });
    }

    /** The promise. */
    private void check(ReadPermit permit, ReadRequest request, Optional<Token> token, int contained) {
        count("served by " + permit.source().wireName());
        long needed = permit.startedAt() - permit.bound().toNanos();
        int low = 0;
        int high = acknowledged.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (acknowledged.get(middle).at - needed < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low > 0) {
            assertThat(acknowledged.get(low - 1).highestIndex)
                    .as(
                            "newest write acknowledged more than %s before a read of the %s",
                            permit.bound(), permit.source())
                    .isLessThan(contained);
        }
        token.ifPresent(demanded -> assertThat(demanded.index().orElse(Integer.MAX_VALUE))
                .as("write of the token, read from the %s", permit.source())
                .isLessThan(contained));
        if (permit.source() == Source.PRIMARY) {
            assertThat(permit.bound()).isZero();
        } else {
            assertThat(request.freshness()).isNotEqualTo(FreshnessClass.REALTIME);
            assertThat(permit.bound()).isLessThan(request.limit());
            count(permit.source().wireName()
                    + (permit.bound().toMillis() < 400 ? " below 400 ms" : " 400 ms and more"));
        }
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
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
