package com.atlasco.atlas.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The median of what was measured again and again. */
public final class Medians {

    private Medians() {}

    /** The middle one, or the mean of the two in the middle; 0 of nothing. */
    public static <T> double of(List<T> measured, ToDoubleFunction<? super T> figure) {
        double[] sorted = measured.stream().mapToDouble(figure).sorted().toArray();
        if (sorted.length == 0) {
            return 0;
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElse(0);
    }
}
