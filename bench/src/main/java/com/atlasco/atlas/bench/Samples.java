package com.atlasco.atlas.bench;

import java.util.Arrays;
import java.util.function.LongConsumer;

/** Gathers measurements from many threads; thread-safe. */
public final class Samples {

    private long[] values = new long[1024];
    private int count;

    /** Adds one. */
    public synchronized void add(long value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
    }

    /** Each of them, in no order. */
    public synchronized void forEach(LongConsumer action) {
        Arrays.stream(values, 0, count).forEach(action);
    }

    /** How many there are. */
    public synchronized int count() {
        return count;
    }

    /** The nearest-rank percentile, from 0 to 100; 0 without samples. */
    public synchronized long percentile(double percent) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(percent / 100 * count) - 1)];
    }
}
