package com.atlasco.atlas.bench.freshness;

import java.util.Arrays;

/** What one writer wrote to one counter, and when each value was acknowledged. One thread adds; any may ask. */
final class AckLog {

    private long[] values = new long[4_096];
    private long[] moments = new long[4_096];
    private int count;

    /** Both only grow. The moment is that at which the answer was in, by {@link System#nanoTime}. */
    synchronized void acknowledged(long value, long moment) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
            moments = Arrays.copyOf(moments, 2 * count);
        }
        values[count] = value;
        moments[count] = moment;
        count++;
    }

    /** The greatest value that was acknowledged at that moment or before; 0 for none. */
    synchronized long valueAt(long moment) {
        int index = firstAfter(moment);
        return index == 0 ? 0 : values[index - 1];
    }

    /**
     * How stale an answer was that a read which began at that moment was given.
     *
     * @return nanoseconds since the acknowledgement of the first value that it misses; 0 when it misses none
     */
    synchronized long stalenessAt(long value, long moment) {
        int index = Arrays.binarySearch(values, 0, count, value + 1);
        int missed = index >= 0 ? index : -index - 1;
        return missed == count ? 0 : Math.max(0, moment - moments[missed]);
    }

    private int firstAfter(long moment) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (moments[middle] - moment <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
