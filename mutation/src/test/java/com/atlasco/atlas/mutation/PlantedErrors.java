package com.atlasco.atlas.mutation;

import static com.atlasco.atlas.mutation.Suite.ALERTS;
import static com.atlasco.atlas.mutation.Suite.BENCH;
import static com.atlasco.atlas.mutation.Suite.CACHE;
import static com.atlasco.atlas.mutation.Suite.CAPTURE;
import static com.atlasco.atlas.mutation.Suite.FRESHNESS;
import static com.atlasco.atlas.mutation.Suite.LAG;
import static com.atlasco.atlas.mutation.Suite.LINEAGE;
import static com.atlasco.atlas.mutation.Suite.MODEL;
import static com.atlasco.atlas.mutation.Suite.REPLICAS;
import static com.atlasco.atlas.mutation.Suite.SHOWN;
import static com.atlasco.atlas.mutation.Suite.VISIBLE;

import java.util.ArrayList;
import java.util.List;

/** The list of planted errors. When the code changes, it follows. */
final class PlantedErrors {

    private final List<PlantedError> errors = new ArrayList<>();

    private PlantedErrors() {}

    static List<PlantedError> all() {
        PlantedErrors planted = new PlantedErrors();
        planted.positions();
        planted.tokens();
        planted.classes();
        planted.heartbeats();
        planted.bounds();
        planted.tracker();
        planted.primary();
        planted.routing();
        planted.permits();
        planted.replicas();
        planted.damping();
        planted.lineage();
        planted.visible();
        planted.shown();
        planted.capture();
        planted.lag();
        planted.cache();
        planted.cachedCopies();
        planted.alerts();
        planted.bench();
        return List.copyOf(planted.errors);
    }

    private void plant(String what, Suite suite, String type, String right, String wrong) {
        errors.add(new PlantedError(what, suite, "com.atlasco.atlas." + type, right, wrong));
    }

    private void positions() {
        String position = "model.Position";
        plant("positions of other histories are compared", MODEL, position, "sameHistory(other) && lsn", "lsn");
        plant("the timeline is ignored", MODEL, position, " && timeline == other.timeline", "");
        plant("the system id is ignored", MODEL, position, "systemId == other.systemId && ", "");
        plant("> for >= between LSNs", MODEL, "model.Lsn", "compareTo(other) >= 0", "compareTo(other) > 0");
        plant("LSNs compare as signed", MODEL, "model.Lsn", "compareUnsigned(value, other", "compare(value, other");
    }

    private void tokens() {
        String token = "freshness.ConsistencyToken";
        plant(
                "a token's checksum is always the same",
                FRESHNESS,
                token,
                "return (int) checksum.getValue()",
                "return 0");
        plant("a token has several spellings", FRESHNESS, token, " || !token.encode().equals(text)", "");
        plant("a token of no timeline is taken", FRESHNESS, token, "token.position.timeline() < 1 || ", "");
        plant("a token forgets its timeline", FRESHNESS, token, ".putInt(position.timeline())", ".putInt(1)");
        plant("a token forgets its system", FRESHNESS, token, ".putLong(position.systemId())", ".putLong(1)");
        plant(
                "a copy's token passes for the primary's",
                FRESHNESS,
                token,
                ".put(shownByPrimary ? VERSION_OF_SHOWN : VERSION)",
                ".put(VERSION_OF_SHOWN)");
    }

    private void shown() {
        plant(
                "a replica that was promoted is read as one",
                LINEAGE,
                "postgres.HeartbeatReader",
                "if (!inRecovery) {",
                "if (!inRecovery && position == null) {");
        String most = "server.read.MostShown";
        plant(
                "the store's answers get positions of another history",
                SHOWN,
                most,
                "filter(end::sameHistory)",
                "filter(reached -> end != reached)");
        plant("a store that knows nothing gets a position", SHOWN, most, ".isPresent());", ".isPresent() || true);");
        plant(
                "a primary that is away is asked",
                SHOWN,
                most,
                "if (!primaryAnswers.getAsBoolean()) {",
                "if (primaryAnswers == null) {");
        plant(
                "the watermark is taken for all that the store shows",
                SHOWN,
                most,
                "return primary.get()",
                "return store.get()");
    }

    private void visible() {
        String visible = "postgres.read.VisibleCommits";
        plant(
                "commits under way are not awaited",
                VISIBLE,
                visible,
                "while (!running.isEmpty())",
                "while (running.size() > 1_000)");
        plant(
                "commits that came later are awaited",
                VISIBLE,
                visible,
                "running.keySet().retainAll(now.keySet())",
                "running.putAll(now)");
        plant(
                "a commit that awaits a standby is passed over",
                VISIBLE,
                visible,
                "if (running.containsValue(true))",
                "if (running.isEmpty())");
        plant("what is at work is taken for shown", VISIBLE, visible, "return false;", "return true;");
        plant(
                "what was shown once is forgotten",
                VISIBLE,
                visible,
                "shown = Optional.of(position)",
                "shown = Optional.empty()");
    }

    private void lag() {
        String lag = "capture.lag.LagTracker";
        plant(
                "backlogs are told across histories",
                LAG,
                lag,
                "progress.position().filter(logEnd::sameHistory)",
                "progress.position()");
        plant("a state begins anew with each look", LAG, lag, "state == slot.state() ? slot.since() : ", "");
        plant("a lost slot retains log", LAG, lag, "reading.slot().filter(slot -> !slot.isLost())", "reading.slot()");
        plant(
                "a slot that nobody reads streams",
                LAG,
                lag,
                "} else if (read.active()) {",
                "} else if (!read.isLost()) {");
        plant(
                "what the primary writes does not delay catching up",
                LAG,
                lag,
                "applied.getAsDouble() - written.getAsDouble()",
                "applied.getAsDouble()");
        plant(
                "a growing backlog is caught up with",
                LAG,
                lag,
                "shrinking < LEAST_BYTES_PER_SECOND",
                "shrinking == LEAST_BYTES_PER_SECOND");
        plant("nothing to do takes for ever", LAG, lag, "return Optional.of(Duration.ZERO)", "return Optional.empty()");
        String rates = "capture.lag.RecentRates";
        plant(
                "rates go on over a store that began again",
                LAG,
                rates,
                "return !after.applied().get().contains(before.applied().get())",
                "return false");
        plant("heartbeats make events larger", LAG, rates, "if (applied > 0 && ", "if (applied >= 0 && ");
        plant("rates are over all times", LAG, rates, "nanos - second().nanos() >= WINDOW.toNanos()", "nanos < 0");
        plant(
                "an invalidated slot is not lost",
                LAG,
                "capture.lag.SlotReading",
                " || invalidationReason.isPresent()",
                "");
        String alarm = "capture.lag.SlotAlarm";
        plant("an alarm is repeated", LAG, alarm, "if (!alarmed && lag.retainsTooMuch())", "if (lag.retainsTooMuch())");
        plant("what is not known ends an alarm", LAG, alarm, "retainedShare().orElse(1)", "retainedShare().orElse(0)");
        plant(
                "an unknown slot is found again",
                LAG,
                alarm,
                "if (slot.state() != SlotState.UNKNOWN)",
                "if (slot.state() != SlotState.LOST)");
        plant(
                "half of the limit is not too much",
                LAG,
                "capture.lag.CaptureLag",
                "retainedShare().orElse(0) > ALARMING_SHARE",
                "retainedShare().orElse(0) > 1");
    }

    private void capture() {
        String applier = "capture.BatchApplier";
        plant(
                "the store's last transaction is not looked for",
                CAPTURE,
                applier,
                "this.unproved = last.isPresent()",
                "this.unproved = false");
        plant("any transaction passes in its place", CAPTURE, applier, " || !shown.equals(last)", "");
        plant("it passes in any place", CAPTURE, applier, "!order.commit().equals(start.boundary()) || ", "");
        plant(
                "the last transaction is not noted",
                CAPTURE,
                applier,
                "last = RecordDecoder.transaction(record)",
                "last = Optional.empty()");
        plant(
                "a replay is applied again",
                CAPTURE,
                "capture.StreamCursor",
                "order.compareTo(applied.get()) <= 0",
                "order.compareTo(applied.get()) < 0");
        String decision = "capture.StartDecision";
        plant(
                "a server that was taken over from is gone on with",
                CAPTURE,
                decision,
                "if (position.timeline() > server.timeline())",
                "if (position.timeline() < 0)");
        plant(
                "the branch of a timeline is not looked at",
                CAPTURE,
                decision,
                "position.lsn().compareTo(branch.get()) > 0",
                "position.timeline() < 0");
        plant(
                "rows read past the branch are gone on with",
                CAPTURE,
                decision,
                "if (store.readUntil().compareTo(branch.get()) > 0)",
                "if (position.timeline() < 0)");
        plant(
                "chunks of a snapshot are gone on with",
                CAPTURE,
                decision,
                "if (store.snapshotUnderWay())",
                "if (position.timeline() < 0)");
        plant(
                "a last transaction that nobody noted is gone on with",
                CAPTURE,
                decision,
                "if (place.last().isEmpty()",
                "if (position.timeline() < 0");
        plant(
                "what the stream contradicted is tried again",
                CAPTURE,
                decision,
                "if (store.contradicted().isPresent())",
                "if (store.identity().isEmpty())");
    }

    private void classes() {
        String type = "freshness.FreshnessClass";
        plant("<= for < against a class's bound", FRESHNESS, type, "compareTo(bound) < 0", "compareTo(bound) <= 0");
        plant("realtime from any source", FRESHNESS, type, "(this != REALTIME || source == Source.PRIMARY) && ", "");
        plant(
                "the accepted lag widens the class",
                FRESHNESS,
                "freshness.ReadRequest",
                "lag.compareTo(freshness.bound()) < 0",
                "lag.compareTo(freshness.bound()) > 0");
    }

    private void heartbeats() {
        String log = "freshness.HeartbeatLog";
        plant("another node's heartbeat has a moment", FRESHNESS, log, "!ofNode.equals(nodeId) || ", "");
        plant("a heartbeat not sent yet has a moment", FRESHNESS, log, "sequence > newest || ", "");
        plant(
                "a forgotten heartbeat has a moment",
                FRESHNESS,
                log,
                "newest - sequence >= moments.length",
                "newest - sequence > moments.length");
        String pulse = "freshness.HeartbeatPulse";
        plant(
                "the received moment for the sent one, of the primary's",
                FRESHNESS,
                pulse,
                "heartbeatSucceeded(written, beat.moment())",
                "heartbeatSucceeded(written, ticker.getAsLong())");
        plant(
                "wall clock for monotonic, of a heartbeat",
                FRESHNESS,
                pulse,
                "long moment = ticker.getAsLong()",
                "long moment = System.currentTimeMillis() * 1_000_000L");
        plant(
                "another heartbeat than was sent counts",
                FRESHNESS,
                pulse,
                "written.sequence() == beat.sequence() && ",
                "");
        plant(
                "another node's heartbeat counts as sent",
                FRESHNESS,
                pulse,
                " && written.nodeId().equals(log.nodeId())",
                "");
    }

    private void bounds() {
        String status = "freshness.SourceStatus";
        plant(
                "the bound does not age",
                FRESHNESS,
                status,
                "wholeMillis(now - heartbeat.moment)",
                "wholeMillis(heartbeat.noticedAt - heartbeat.moment)");
        plant(
                "the bound counts from the arrival",
                FRESHNESS,
                status,
                "wholeMillis(now - heartbeat.moment)",
                "wholeMillis(now - heartbeat.noticedAt)");
        plant("the bound is rounded down", FRESHNESS, status, "Math.ceilDiv(", "Math.floorDiv(");
        plant(
                "unknown is zero",
                FRESHNESS,
                status,
                "return contained.map(heartbeat -> wholeMillis(now - heartbeat.moment))",
                "return Optional.of(contained.map(heartbeat -> wholeMillis(now - heartbeat.moment)).orElse(Duration.ZERO))");
        plant(
                "the primary has no lag even when it is away",
                FRESHNESS,
                status,
                "return state == State.HEALTHY ? Optional.of(Duration.ZERO) : Optional.empty()",
                "return Optional.of(Duration.ZERO)");
    }

    private void tracker() {
        String tracker = "freshness.SourceTracker";
        plant(
                "a silent source stays reachable",
                FRESHNESS,
                tracker,
                "> settings.probeTimeout().toNanos()",
                "> Long.MAX_VALUE - 1");
        plant(
                "wall clock for monotonic, of a silent source",
                FRESHNESS,
                tracker,
                "ticker.getAsLong() - known.answeredAt",
                "clock.millis() * 1_000_000L - known.answeredAt");
        plant("failed probes are not counted", FRESHNESS, tracker, "failures++;", "");
        plant("failures are never forgiven", FRESHNESS, tracker, "        failures = 0;\n", "");
        plant(
                "> for >= among failures",
                FRESHNESS,
                tracker,
                "failures >= settings.failuresUntilUnreachable()",
                "failures > settings.failuresUntilUnreachable()");
        plant(
                "heartbeats of other nodes are believed",
                FRESHNESS,
                tracker,
                ".filter(heartbeat -> heartbeat.nodeId().equals(log.nodeId()))",
                "");
        plant(
                "heartbeats from before a replacement are believed",
                FRESHNESS,
                tracker,
                "Math.max(contained.map(Contained::sequence).orElse(0L), floor)",
                "contained.map(Contained::sequence).orElse(0L)");
        plant(
                "min for max of the known heartbeat and the floor",
                FRESHNESS,
                tracker,
                "Math.max(contained.map",
                "Math.min(contained.map");
        plant(
                "what is forgotten may be learned again",
                FRESHNESS,
                tracker,
                "forgotten(SourceStatus status, String why) {\n        floor = log.newestSequence();",
                "forgotten(SourceStatus status, String why) {");
        plant(
                "what was sent during a suspension is believed",
                FRESHNESS,
                tracker,
                "reported = NOTHING;\n        floor = log.newestSequence();",
                "reported = NOTHING;");
        plant("a suspended source is learned of", FRESHNESS, tracker, "if (suspensions == 0)", "if (suspensions >= 0)");
        plant(
                "an earlier heartbeat is no sign of a replacement",
                FRESHNESS,
                tracker,
                "now.sequence < reported.sequence",
                "now.sequence < 0");
        plant(
                "a heartbeat of another history is no sign",
                FRESHNESS,
                tracker,
                "otherHistory(reported.heartbeat, now.heartbeat) || ",
                "");
        plant(
                "a position and a heartbeat of different histories are no sign",
                FRESHNESS,
                tracker,
                "if (otherHistory(now.heartbeat, now.position))",
                "if (reported == null)");
        plant(
                "an earlier position is no sign",
                FRESHNESS,
                tracker,
                "&& !now.position.get().contains(reported.position.get())",
                "&& now.position.isEmpty()");
        plant(
                "a replacement keeps its generation",
                FRESHNESS,
                tracker,
                "status.generation() + 1",
                "status.generation()");
        plant(
                "min for max of positions",
                FRESHNESS,
                tracker,
                "one.get().contains(other.get()) ? one : other",
                "one.get().contains(other.get()) ? other : one");
        plant(
                "the received moment for the sent one",
                FRESHNESS,
                tracker,
                "new Contained(report.sequence, moment.getAsLong(), now)",
                "new Contained(report.sequence, now, now)");
        plant(
                "<= for < against the lagging threshold",
                FRESHNESS,
                tracker,
                "compareTo(threshold) < 0",
                "compareTo(threshold) <= 0");
        plant(
                "a position is known without a heartbeat",
                FRESHNESS,
                tracker,
                "Optional<Position> position = contained.isEmpty()",
                "Optional<Position> position = source == null");
    }

    private void primary() {
        String primary = "freshness.PrimaryMonitor";
        plant(
                "a silent primary stays reachable",
                FRESHNESS,
                primary,
                "> settings.unreachableAfter().toNanos()",
                "> Long.MAX_VALUE - 1");
        plant(
                "> for >= among failed heartbeats",
                FRESHNESS,
                primary,
                "failures >= settings.failuresUntilUnreachable()",
                "failures > settings.failuresUntilUnreachable()");
        plant(
                "one heartbeat disproves a token",
                FRESHNESS,
                primary,
                "impossible = isSince(arrival, known.previousSent)",
                "impossible = isSince(arrival, known.newestSent)");
        plant(
                "a heartbeat from before its arrival disproves a token",
                FRESHNESS,
                primary,
                "moment - arrival >= 0",
                "moment - arrival >= Long.MIN_VALUE");
        plant(
                "tokens of this history are all genuine",
                FRESHNESS,
                primary,
                "if (written.contains(token))",
                "if (written.sameHistory(token))");
        plant(
                "tokens of an earlier timeline may still come true",
                FRESHNESS,
                primary,
                "token.timeline() < written.timeline()",
                "token.timeline() > written.timeline()");
        plant(
                "min for max of what the primary has written",
                FRESHNESS,
                primary,
                "!restored && written.contains(heartbeat.position())",
                "!restored && heartbeat.position().contains(written)");
        plant(
                "another history keeps its generation",
                FRESHNESS,
                primary,
                "before.generation() + (otherHistory ? 1 : 0)",
                "before.generation()");
    }

    private void routing() {
        String routing = "freshness.Routing";
        plant(
                "> for >= against the limit",
                FRESHNESS,
                routing,
                "bound.get().compareTo(request.limit()) >= 0",
                "bound.get().compareTo(request.limit()) > 0");
        plant(
                "the token is not compared",
                FRESHNESS,
                routing,
                "return containsToken ? Optional.empty() : Optional.of(Shortfall.BEHIND_TOKEN)",
                "return Optional.empty()");
        plant(
                "an unreachable source serves",
                FRESHNESS,
                routing,
                "status.state() == State.UNREACHABLE || failed",
                "failed");
        plant(
                "a source that failed this read is asked again",
                FRESHNESS,
                routing,
                " || failed.contains(source.node())",
                "");
        plant(
                "a source of another history serves",
                FRESHNESS,
                routing,
                "filter(written.get()::sameHistory).isEmpty()",
                "isEmpty()");
        plant(
                "the bound is not looked at again before the read",
                FRESHNESS,
                routing,
                "if (assessed.shortfall().isPresent()) {",
                "if (assessed.status() == null) {");
        plant(
                "the bound is not aged when the read begins",
                FRESHNESS,
                routing,
                "new ReadPermit(source, status, status.boundAt(now)",
                "new ReadPermit(source, status, status.boundAt(arrival)");
        plant(
                "a read of a named source falls back",
                FRESHNESS,
                routing,
                "if (request.pinned().isPresent()) {\n            throw unavailable",
                "if (request.pinned().isPresent() && status == null) {\n            throw unavailable");
        plant(
                "the replica stands in however stale it is",
                FRESHNESS,
                routing,
                "if (replica.shortfall().isPresent())",
                "if (replica.status() == null)");
        plant(
                "who wants no fallback gets one",
                FRESHNESS,
                routing,
                "case FAIL -> throw unavailable(best);",
                "case FAIL -> primary(RoutingReason.fallback(Source.PRIMARY, status.source(), shortfall));");
        plant(
                "a lag of zero goes to a copy",
                FRESHNESS,
                routing,
                "request.limit().isZero()",
                "request.limit().isNegative()");
        plant(
                "realtime goes to a copy",
                FRESHNESS,
                routing,
                "request.freshness() == FreshnessClass.REALTIME",
                "request.freshness() == null");
        plant(
                "a token that is not confirmed yet is believed",
                FRESHNESS,
                routing,
                "&& tokenVerdict() != PrimaryMonitor.TokenVerdict.GENUINE;",
                "&& tokenVerdict() == null;");
        plant(
                "an impossible token is believed",
                FRESHNESS,
                routing,
                "if (verdict == PrimaryMonitor.TokenVerdict.IMPOSSIBLE)",
                "if (verdict == null)");
        plant(
                "the primary takes over any number of reads",
                FRESHNESS,
                routing,
                "if (!router.primaryFallbacks.tryAcquire())",
                "if (router.primaryFallbacks == null)");
    }

    private void permits() {
        String permit = "freshness.ReadPermit";
        plant(
                "a source replaced during the read is not noticed",
                FRESHNESS,
                permit,
                "monitored.status().generation() == status.generation()",
                "monitored.status().generation() >= status.generation()");
        plant(
                "a token is not held against where the primary's log ended",
                FRESHNESS,
                permit,
                "if (token.isEmpty() || (reached.isEmpty() && !unconfirmed)) {",
                "if (token.isEmpty() || startedAt >= 0) {");
        plant(
                "a token is held against the log only until a heartbeat confirms it",
                FRESHNESS,
                permit,
                "(reached.isEmpty() && !unconfirmed)",
                "!unconfirmed");
        plant(
                "an unconfirmed token counts as shown",
                FRESHNESS,
                permit,
                "return unconfirmed ? Optional.empty() : token",
                "return token");
        plant("a replica that went back is confirmed", FRESHNESS, permit, "!shown.contains(", "!shown.sameHistory(");
        plant(
                "a primary that went back is confirmed",
                FRESHNESS,
                permit,
                "!end.contains(status",
                "!end.sameHistory(status");
        plant(
                "a read that reached the new primary is confirmed for the old one",
                FRESHNESS,
                permit,
                "reached.filter(end -> !end.sameHistory(status.position().get()))",
                "reached.filter(end -> end == null)");
        plant(
                "a restored primary is taken for the one before",
                FRESHNESS,
                "freshness.PrimaryMonitor",
                "boolean restored = known.newestBeat",
                "boolean restored = Optional.<Position>empty()");
        plant("a snapshot without the heartbeat is confirmed", FRESHNESS, permit, "if (!heartbeatThere || ", "if (");
        plant("a snapshot of another history is confirmed", FRESHNESS, permit, "!sameHistory || ", "");
        plant("a snapshot without the token's write is confirmed", FRESHNESS, permit, " || !tokenThere)", ")");
        String decision = "freshness.RouteDecision";
        plant("a place is given back twice", FRESHNESS, decision, "if (open.getAndSet(false))", "if (open.get())");
        plant(
                "a decision's bound does not age",
                FRESHNESS,
                decision,
                "return status.boundAt(now).orElse(bound)",
                "return bound");
    }

    private void replicas() {
        String replicas = "freshness.Replicas";
        plant(
                "a replica notably staler shares the load",
                REPLICAS,
                replicas,
                "candidate.boundMillis() <= limit && ",
                "");
        plant(
                "max for min of the replicas' bounds",
                REPLICAS,
                replicas,
                ".min().orElseThrow()",
                ".max().orElseThrow()");
        plant("the busiest replica serves", REPLICAS, replicas, "reads < least", "reads <= least || reads > 0");
        plant("what ended is still under way", REPLICAS, replicas, "reads.decrementAndGet();", "reads.get();");
        plant(
                "a refusal tells of the farthest replica",
                REPLICAS,
                replicas,
                ".max(Comparator.comparing",
                ".min(Comparator.comparing");
        String routing = "freshness.Routing";
        plant(
                "of several replicas any serves, sufficient or not",
                REPLICAS,
                routing,
                "all.stream().filter(one -> one.shortfall().isEmpty()).toList()",
                "all");
        plant("interactive reads leave replicas that suffice", REPLICAS, routing, " && !anotherSuffices()", "");
    }

    private void damping() {
        String damping = "freshness.FlapDamping";
        plant(
                "a source that went back and forth serves at once",
                FRESHNESS,
                damping,
                "shortfalls -> shortfalls.damped",
                "shortfalls -> !shortfalls.damped");
        plant(
                "a source that fell short once is left alone",
                FRESHNESS,
                damping,
                "(before.damped || before.sufficed)",
                "true");
        plant("that a larger limit is met is a swing", FRESHNESS, damping, " && limit.toMillis() <= before.limit", "");
        plant(
                "an aggregation is kept on the primary",
                FRESHNESS,
                "freshness.Routing",
                "request.shape() == ReadRequest.Shape.AGGREGATE\n                        ? Optional.empty()",
                "request.shape() == null\n                        ? Optional.empty()");
        plant(
                "a source is left alone for ever",
                FRESHNESS,
                damping,
                "now - shortfalls.last < HOLD.toNanos()",
                "now - shortfalls.last < Long.MAX_VALUE");
        plant(
                "that a source sufficed is not noted",
                FRESHNESS,
                damping,
                "before != null && !before.sufficed && limit",
                "before != null && before.sufficed && limit");
        plant(
                "what is left alone crowds the primary out",
                FRESHNESS,
                "freshness.Routing",
                "&& router.primaryFallbacks.tryAcquire()",
                "");
    }

    private void lineage() {
        String lineage = "postgres.PrimaryLineage";
        plant("a standby is taken for the primary", LINEAGE, lineage, "origin.isStandby() || ", "");
        plant(
                "a system that was left is taken back",
                LINEAGE,
                lineage,
                " || known.left.contains(origin.systemId())",
                "");
        plant(
                "an older timeline is the primary",
                LINEAGE,
                lineage,
                "return known.timeline <= origin.timeline()",
                "return true");
        plant(
                "a later timeline is not noted",
                LINEAGE,
                lineage,
                "if (known.timeline < origin.timeline())",
                "if (known.timeline > origin.timeline())");
        plant(
                "what was left is forgotten",
                LINEAGE,
                lineage,
                "newest = new Newest(origin.systemId(), origin.timeline(), left)",
                "newest = new Newest(origin.systemId(), origin.timeline(), Set.of())");
        String primary = "freshness.PrimaryMonitor";
        plant(
                "heartbeats of a server that was left count",
                FRESHNESS,
                primary,
                "if (isPast(heartbeat.position())) {",
                "if (ticker == null) {");
        plant(
                "a write of a later timeline leaves the primary known",
                FRESHNESS,
                primary,
                "State.UNKNOWN,\n                        Optional.empty(),\n                        Optional.of(position)",
                "State.HEALTHY,\n                        Optional.empty(),\n                        Optional.of(position)");
        plant(
                "a write of an older timeline counts",
                FRESHNESS,
                primary,
                "position.timeline() < newest.timeline()",
                "position.timeline() < 0");
    }

    private void cache() {
        String cache = "freshness.cache.EntityCache";
        plant(
                "a copy that was dropped serves",
                CACHE,
                cache,
                "return policy.getIfPresentQuietly(key) == copy",
                "return true");
        plant(
                "an equal copy for this very copy",
                CACHE,
                cache,
                "policy.getIfPresentQuietly(key) == copy",
                "policy.getIfPresentQuietly(key) != null");
        plant("a copy outlives what it came from", CACHE, cache, "!copy.permit().isCurrent() || ", "");
        plant(
                "a copy of another run is followed",
                CACHE,
                cache,
                "                && copy.followed() == known.run()\n",
                "");
        plant("a fill after a change is taken", CACHE, cache, "recent.touched(key) != read.touched() || ", "");
        plant(
                "a replica behind the newest change fills",
                CACHE,
                cache,
                "contained.sequence() > Math.max(known.floor(), recent.heartbeat(key))",
                "contained.sequence() > known.floor()");
        plant(
                "a replica behind the run's beginning fills",
                CACHE,
                cache,
                "contained.sequence() > Math.max(known.floor(), recent.heartbeat(key))",
                "contained.sequence() > recent.heartbeat(key)");
        plant(
                ">= for > against the heartbeat of a change",
                CACHE,
                cache,
                "contained.sequence() > Math.max(",
                "contained.sequence() >= Math.max(");
        plant(
                "what the primary showed is followed",
                CACHE,
                cache,
                "new CachedEntity(entity, permit, read, nothing, shown, ChangeStream.NONE, known.generation())",
                "new CachedEntity(entity, permit, read, nothing, shown, known.run(), known.generation())");
        plant(
                "what the primary showed meets tokens",
                CACHE,
                cache,
                "permit, read, nothing, shown, ChangeStream",
                "permit, read, shown, shown, ChangeStream");
    }

    private void cachedCopies() {
        String cache = "freshness.cache.EntityCache";
        plant(
                "own writes leave the copy",
                CACHE,
                cache,
                "for (long entityId : entityIds) {",
                "for (long entityId : java.util.List.<Long>of()) {");
        plant(
                "a change's heartbeat is not noted",
                CACHE,
                cache,
                "recent.noteAll(log.newestSequence())",
                "recent.noteAll(0)");
        plant(
                "the earliest heartbeat for the newest",
                CACHE,
                cache,
                "heartbeat.sequence() > newest.map(Contained::sequence).orElse(0L)",
                "heartbeat.sequence() < newest.map(Contained::sequence).orElse(Long.MAX_VALUE)");
        plant(
                "a passed heartbeat has the moment of its arrival",
                CACHE,
                cache,
                "new Contained(heartbeat.sequence(), moment.getAsLong(), ticker.getAsLong())",
                "new Contained(heartbeat.sequence(), ticker.getAsLong(), ticker.getAsLong())");
        plant(
                "another history keeps the copies",
                CACHE,
                cache,
                "known.position().filter(before -> !before.sameHistory(position)).isPresent()",
                "known.position().isEmpty() && known.run() < 0");
        plant(
                "a gap in the changes keeps the copies",
                CACHE,
                cache,
                "if (stream.isFollowed()) {\n            empty(",
                "if (!stream.isFollowed()) {\n            empty(");
        plant("a deleted tenant's copies stay", CACHE, cache, "key.tenant() == tenant.value()", "key.tenant() < 0");
    }

    private void alerts() {
        String readings = "server.alert.NodeReadings";
        plant(
                "an unreachable source has a lag",
                ALERTS,
                readings,
                "status.state() == SourceStatus.State.UNREACHABLE || ",
                "");
        plant("min for max of the replicas' lags", ALERTS, readings, "worst = Math.max(", "worst = Math.min(");
        plant(
                "a primary that is away counts as there",
                ALERTS,
                readings,
                "lag(Source.PRIMARY).isPresent() ? 0 : 1",
                "lag(Source.PRIMARY).isPresent() ? 0 : 0");
        plant(
                "an alert's action outlives the alerts",
                ALERTS,
                "server.alert.AlertEvaluator",
                "router.accept(RoutingPreference.NONE)",
                "router.hashCode()");
    }

    private void bench() {
        String log = "bench.freshness.AckLog";
        plant(
                "< for <= at an acknowledgement's moment",
                BENCH,
                log,
                "moments[middle] - moment <= 0",
                "moments[middle] - moment < 0");
        plant(
                "every answer passes as fresh",
                BENCH,
                log,
                "return missed == count ? 0 : Math.max(0, moment - moments[missed])",
                "return 0");
        String answer = "bench.freshness.Answer";
        plant("a missed value is no violation", BENCH, answer, "if (value < due)", "if (value < 0)");
        plant("a broken token is no violation", BENCH, answer, "value < promise.value()", "value < 0");
        plant("> for >= against what was asked for", BENCH, answer, "lagMillis >= question", "lagMillis > question");
        plant("an answer without a bound is none", BENCH, answer, "if (lagMillis < 0)", "if (lagMillis < -1)");
        plant(
                "realtime from anywhere is no violation",
                BENCH,
                answer,
                "question.freshness().equals(\"realtime\")",
                "question.freshness().isEmpty()");
        plant(
                "another source than was named is no violation",
                BENCH,
                answer,
                "pinned -> !pinned.equals(source)",
                "pinned -> pinned.isEmpty()");
    }
}
