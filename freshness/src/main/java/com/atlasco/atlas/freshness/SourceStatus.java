package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a source.
 *
 * <table>
 * <caption>Transitions of a replica or an analytics store</caption>
 * <tr><th>from</th><th>to</th><th>when</th></tr>
 * <tr><td>any</td><td>UNKNOWN</td><td>it may have been replaced or reset: another system id or timeline, a heartbeat or
 *     position smaller than before, or a suspension; then nothing is known until it contains a heartbeat sent after
 *     that was noticed</td></tr>
 * <tr><td>any</td><td>UNREACHABLE</td><td>probes failed several times in a row, or none succeeded for the timeout</td></tr>
 * <tr><td>UNREACHABLE</td><td>UNKNOWN</td><td>a probe succeeds; no heartbeat is known to be contained</td></tr>
 * <tr><td>UNKNOWN, UNREACHABLE</td><td>HEALTHY, LAGGING</td><td>a probe succeeds and a heartbeat is known to be
 *     contained; by the bound</td></tr>
 * <tr><td>HEALTHY</td><td>LAGGING</td><td>the bound reaches the threshold</td></tr>
 * <tr><td>LAGGING</td><td>HEALTHY</td><td>the bound falls below four fifths of the threshold</td></tr>
 * </table>
 *
 * <p>The primary is UNKNOWN until its first heartbeat, HEALTHY while heartbeats succeed, UNREACHABLE when several failed
 * in a row or none succeeded for a while. It is never LAGGING.
 *
 * @param contained the newest heartbeat it is known to contain; always empty for the primary, which contains everything
 * @param position everything committed at or below it is contained
 * @param generation changes whenever what was known had to be forgotten
 * @param since when it came into this state, by the wall clock
 * @param why a sentence for people
 */
public record SourceStatus(
        Source source,
        State state,
        Optional<Contained> contained,
        Optional<Position> position,
        long generation,
        Instant since,
        String why) {

    /** How a source fares. */
    public enum State {
        HEALTHY,
        LAGGING,
        UNREACHABLE,
        UNKNOWN
    }

    /**
     * A heartbeat of this node that a source is known to contain.
     *
     * @param moment when it was sent, at the earliest, in nanoseconds of the monotonic clock
     * @param noticedAt when the source was first seen to contain it, by the same clock
     */
    public record Contained(long sequence, long moment, long noticedAt) {

        /** How long it took from the primary into this node's knowledge, in nanoseconds. */
        long delay() {
            return noticedAt - moment;
        }
    }

    /**
     * The upper bound on the staleness of a read that begins at that moment, in whole milliseconds, rounded up, so that
     * what is compared is what is reported. It grows by itself.
     *
     * @param now the monotonic clock in nanoseconds, read after this status was taken
     * @return empty when nothing is known
     */
    public Optional<Duration> boundAt(long now) {
        if (source == Source.PRIMARY) {
            return state == State.HEALTHY ? Optional.of(Duration.ZERO) : Optional.empty();
        }
        return contained.map(heartbeat -> wholeMillis(now - heartbeat.moment));
    }

    private static Duration wholeMillis(long nanos) {
        return Duration.ofMillis(Math.ceilDiv(Math.max(nanos, 0), 1_000_000L));
    }

    /** The word for {@code X-Replication-Health}. */
    public ReplicationHealth health() {
        return switch (state) {
            case HEALTHY -> ReplicationHealth.HEALTHY;
            case LAGGING -> ReplicationHealth.DEGRADED;
            case UNREACHABLE -> ReplicationHealth.UNAVAILABLE;
            case UNKNOWN -> ReplicationHealth.UNKNOWN;
        };
    }
}
