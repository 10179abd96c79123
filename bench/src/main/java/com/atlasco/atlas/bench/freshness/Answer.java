package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.http.HttpConnection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a read was told.
 *
 * @param source {@code none} when the answer names none
 * @param lagMillis the bound that it claims; -1 when it claims none
 * @param value of the counter; 0 when it shows none
 */
record Answer(String source, long lagMillis, long value) {

    static Answer of(HttpConnection.Response response, String attribute) {
        return new Answer(
                response.header("X-Data-Source").orElse("none"),
                response.header("X-Actual-Lag-Ms").map(Long::parseLong).orElse(-1L),
                Question.value(response.body(), attribute));
    }

    /**
     * Holds it against what was asked and what was acknowledged.
     *
     * @param begun the moment before the request was sent
     * @return what is wrong with it; empty when it keeps every promise
     */
    Optional<String> wrong(Question question, AckLog log, long begun) {
        if (lagMillis < 0) {
            return Optional.of("no bound");
        }
        if (lagMillis >= question.limitMillis() && !(source.equals("primary") && lagMillis == 0)) {
            return Optional.of("the bound is not below " + question.limitMillis() + " ms");
        }
        if (question.freshness().equals("realtime") && !source.equals("primary")) {
            return Optional.of("realtime from another source");
        }
        if (question.pinned().filter(pinned -> !pinned.equals(source)).isPresent()) {
            return Optional.of("another source than was named");
        }
        long due = log.valueAt(begun - TimeUnit.MILLISECONDS.toNanos(lagMillis));
        if (value < due) {
            return Optional.of("misses %d, which was acknowledged before".formatted(due));
        }
        if (question.promise().filter(promise -> value < promise.value()).isPresent()) {
            return Optional.of(
                    "older than the token's " + question.promise().get().value());
        }
        return Optional.empty();
    }

    /** The bound minus how stale it was, in whole milliseconds; negative where it was staler than it claims. */
    long slackMillis(AckLog log, long begun) {
        return Math.floorDiv(TimeUnit.MILLISECONDS.toNanos(lagMillis) - log.stalenessAt(value, begun), 1_000_000L);
    }
}
