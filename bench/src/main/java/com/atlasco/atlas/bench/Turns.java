package com.atlasco.atlas.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The turns of one contender at one question: the first, which does not count, and some that do. What takes longer than
 * 250 ms is not asked again, and counts at once: nothing that has to be warm takes so long. Not thread-safe.
 */
public final class Turns {

    private static final Duration LONG = Duration.ofMillis(250);

    /** Together, after which there is no further turn. */
    private static final Duration ENOUGH = Duration.ofMillis(600);

    private final List<Double> millis = new ArrayList<>();
    private final int repeat;
    private boolean warm;
    private boolean done;

    /** @param repeat how many turns count at most, from 1 */
    public Turns(int repeat) {
        this.repeat = repeat;
    }

    public void add(long nanos) {
        double time = nanos / 1e6;
        if (warm || time > LONG.toMillis()) {
            millis.add(time);
        }
        done |= millis.size() == repeat
                || millis.stream().mapToDouble(Double::doubleValue).sum() > ENOUGH.toMillis()
                || (!warm && !millis.isEmpty());
        warm = true;
    }

    /** Counts so long, whatever came before, and asks no more. */
    public void end(Duration time) {
        millis.clear();
        millis.add((double) time.toMillis());
        done = true;
    }

    public boolean isDone() {
        return done;
    }

    /** How many turns counted. */
    public int counted() {
        return millis.size();
    }

    /** Of the turns that counted. */
    public double medianMillis() {
        return Medians.of(millis, Double::doubleValue);
    }
}
