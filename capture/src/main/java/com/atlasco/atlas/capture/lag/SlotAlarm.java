package com.atlasco.atlas.capture.lag;

import java.util.Optional;

/**
 * Says once when the slot begins to retain too much, once when that is over, and once when it is lost. Between the two
 * thresholds nothing is said again, so that log that comes and goes around one of them does not fill the file. For one
 * thread.
 */
final class SlotAlarm {

    /** Below this part of the limit it is over. */
    static final double CALM_SHARE = 0.4;

    private boolean alarmed;
    private boolean lost;

    /** What there is to say now; empty most of the time, and while nothing is known. */
    Optional<String> heard(CaptureLag lag) {
        SlotStatus slot = lag.slot();
        if (slot.state() == SlotState.LOST) {
            if (lost) {
                return Optional.empty();
            }
            lost = true;
            return Optional.of("Slot %s is lost: %s".formatted(slot.name(), slot.why()));
        }
        if (slot.state() != SlotState.UNKNOWN) {
            lost = false;
        }
        if (!alarmed && lag.retainsTooMuch()) {
            alarmed = true;
            return Optional.of("Slot %s (%s) retains %s; at the limit it is lost, and capture needs a new snapshot"
                    .formatted(slot.name(), slot.state().wireName(), retained(lag)));
        }
        if (alarmed && lag.retainedShare().orElse(1) < CALM_SHARE) {
            alarmed = false;
            return Optional.of("Slot %s retains %s again".formatted(slot.name(), retained(lag)));
        }
        return Optional.empty();
    }

    private static String retained(CaptureLag lag) {
        return "%,d MiB of log, of at most %,d"
                .formatted(
                        lag.retainedBytes().orElseThrow() >> 20,
                        lag.limitBytes().orElseThrow() >> 20);
    }
}
