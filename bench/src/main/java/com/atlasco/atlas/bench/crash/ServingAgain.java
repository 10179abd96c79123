package com.atlasco.atlas.bench.crash;

import com.atlasco.atlas.bench.Medians;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long writes stood still after a kill. Not thread-safe. */
final class ServingAgain {

    private final List<Long> millis = new ArrayList<>();

    /** After a kill that stops writes; others, such as of the replica, say nothing about it. */
    void add(long milliseconds) {
        millis.add(milliseconds);
    }

    /** Mean, median and maximum; none when no kill has stopped writes. */
    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        if (!millis.isEmpty()) {
            figures.put(
                    "serving_again_mean_ms",
                    Math.round(
                            millis.stream().mapToLong(Long::longValue).average().orElse(0)));
            figures.put("serving_again_p50_ms", Math.round(Medians.of(millis, Long::doubleValue)));
            figures.put("serving_again_max_ms", Collections.max(millis));
        }
        return figures;
    }
}
