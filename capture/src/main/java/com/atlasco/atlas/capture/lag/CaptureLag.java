package com.atlasco.atlas.capture.lag;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How far capture is behind, and what that costs the primary. What is not known is empty, never zero: while the primary
 * does not answer only the rates are known, which are measured on this side. Immutable.
 *
 * @param slot the slot's state
 * @param retainedBytes bytes of log that the primary keeps because of the slot, from 0; empty when the slot is missing or
 *     lost
 * @param safeBytes bytes of log that can still be written before the slot may be lost, from 0; empty when there is no
 *     limit, or no slot that could be lost
 * @param limitBytes the primary's {@code max_slot_wal_keep_size}; empty when there is no limit
 * @param backlogBytes bytes of log from the analytics store's watermark to the flushed end of the primary's log; other
 *     databases' writes, and what is not captured, count too. Empty before a snapshot is complete, and after a failover
 *     until capture has begun again
 * @param backlogEvents about how many events that is: an estimate, from the bytes of log that an event took lately. Empty
 *     until an event has been applied
 * @param eventsPerSecond changes applied, over about the last 10 seconds; empty until two moments have been seen
 * @param bytesPerSecond bytes of log applied, over the same time
 * @param catchUp how long it takes until the backlog is gone if log goes on being written and applied as in the last
 *     10 seconds; empty when the backlog does not shrink, or is not known
 */
public record CaptureLag(
        SlotStatus slot,
        OptionalLong retainedBytes,
        OptionalLong safeBytes,
        OptionalLong limitBytes,
        OptionalLong backlogBytes,
        OptionalLong backlogEvents,
        OptionalDouble eventsPerSecond,
        OptionalDouble bytesPerSecond,
        Optional<Duration> catchUp) {

    /**
     * From this part of the limit on, what the slot retains is worth waking someone for. Half: log that filled half of
     * the limit takes as long again to fill the other half, so as much time is left as has been lost already; and the
     * ordinary sawtooth of checkpoints and confirmations stays far below.
     */
    public static final double ALARMING_SHARE = 0.5;

    /** The retained log as a part of the limit, from 0; at 1 the slot may be lost. Empty without a limit. */
    public OptionalDouble retainedShare() {
        return retainedBytes.isPresent() && limitBytes.isPresent() && limitBytes.getAsLong() > 0
                ? OptionalDouble.of((double) retainedBytes.getAsLong() / limitBytes.getAsLong())
                : OptionalDouble.empty();
    }

    /** Whether the slot retains more than {@link #ALARMING_SHARE} of the limit. */
    public boolean retainsTooMuch() {
        return retainedShare().orElse(0) > ALARMING_SHARE;
    }
}
