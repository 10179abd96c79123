package com.atlasco.atlas.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The turns of one contender at one question: the first, which does not count, and some that do. Where the first takes
 * very long, it counts at once and is the only one: nothing that has to be warm takes so long. Not thread-safe.
 */
public final class Turns {

    /** Very long for those whose turns cost much time. */
    public static final Duration LONG = Duration.ofMillis(250);

    /** Very long for those of whom a pause of a moment should not be told. */
    public static final Duration VERY_LONG = Duration.ofSeconds(5);

    /** Together, after which there is no further turn. */
    private static final Duration ENOUGH = Duration.ofMillis(600);

    private final List<Double> millis = new ArrayList<>();
    private final int repeat;
    private final Duration longest;
    private boolean warm;
    private boolean done;

    /**
     * Begins with none.
     *
     * @param repeat how many turns count at most, from 1
     * @param longest beyond which the first turn is the only one
     */
    public Turns(int repeat, Duration longest) {
        this.repeat = repeat;
        this.longest = longest;
    }

    public void add(long nanos) {
        double time = nanos / 1e6;
        if (warm || time > longest.toMillis()) {
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
