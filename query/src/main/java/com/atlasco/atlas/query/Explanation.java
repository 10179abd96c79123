package com.atlasco.atlas.query;

import java.util.List;
import java.util.Optional;

/**
 * How a source finds a page, and how it could.
 *
 * @param plan the way that is chosen, in a line
 * @param basis what the choice rests on: {@code statistics}, {@code probes} while there are none yet, or {@code columns}
 * @param costLimitMs what a query may be expected to take, in milliseconds, before it is refused; empty where there is no
 *     such limit
 * @param alternatives the cheapest first, the chosen one included; empty where nothing was estimated
 * @param actual what was really read, when that was asked for
 * @param detail the engine's own plan, line by line
 */
public record Explanation(
        String plan,
        String basis,
        Optional<Double> costLimitMs,
        List<Alternative> alternatives,
        Optional<Actual> actual,
        List<String> detail) {

    public Explanation {
        alternatives = List.copyOf(alternatives);
        detail = List.copyOf(detail);
    }

    /**
     * A way to find a page. All numbers are estimates, not negative.
     *
     * @param costMs what it takes, in milliseconds
     * @param rows that are found, at most as many as the page has
     * @param entries of indexes that are read
     * @param documents that are read
     */
    public record Alternative(String plan, double costMs, double rows, double entries, double documents) {}

    /**
     * What was really done.
     *
     * @param rows that were found, at most as many as the page has
     * @param entries of indexes that were read
     * @param documents that were read
     * @param statements that were sent, each a round trip
     * @param millis how long they took
     */
    public record Actual(long rows, long entries, long documents, int statements, double millis) {}
}
