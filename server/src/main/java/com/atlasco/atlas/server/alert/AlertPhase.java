package com.atlasco.atlas.server.alert;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How far an alert has come. Moments are nanoseconds of the monotonic clock. Immutable.
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>from</th><th>to</th><th>when</th></tr>
 * <tr><td>Ok</td><td>Pending</td><td>the value is above the threshold, or not known</td></tr>
 * <tr><td>Pending</td><td>Ok</td><td>it is not, once</td></tr>
 * <tr><td>Pending</td><td>Firing</td><td>it has been, each time, for as long as the rule says</td></tr>
 * <tr><td>Firing</td><td>Ok</td><td>it has been known and at most the resolve threshold, each time, for as long as the
 *     rule says; between the thresholds nothing changes, but the time begins anew</td></tr>
 * </table>
 */
sealed interface AlertPhase {

    /** Nothing to tell. */
    record Ok() implements AlertPhase {}

    /** Above the threshold since that moment, not yet for long enough. */
    record Pending(long since) implements AlertPhase {}

    /** Above the threshold since that moment for long enough; at most the resolve threshold since {@code calmSince}. */
    record Firing(long since, OptionalLong calmSince) implements AlertPhase {}

    /** The phase after a value was seen; {@code now} is not before that of the last value. */
    static AlertPhase next(AlertRule rule, AlertPhase phase, OptionalDouble value, long now) {
        return switch (phase) {
            case Ok ok -> rule.exceededBy(value) ? new Pending(now) : ok;
            case Pending(long since) -> {
                if (!rule.exceededBy(value)) {
                    yield new Ok();
                }
                yield now - since >= rule.hold().toNanos() ? new Firing(since, OptionalLong.empty()) : phase;
            }
            case Firing(long since, OptionalLong calmSince) -> {
                if (!rule.calmAt(value)) {
                    yield new Firing(since, OptionalLong.empty());
                }
                long calm = calmSince.orElse(now);
                yield now - calm >= rule.resolveHold().toNanos() ? new Ok() : new Firing(since, OptionalLong.of(calm));
            }
        };
    }

    /** The word on the wire. */
    default String wireName() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    default boolean isFiring() {
        return this instanceof Firing;
    }
}
