package com.atlasco.atlas.bench.freshness;

import java.util.Map;
import java.util.TreeMap;

/** The sums of all phases that are over. For use by one thread. */
final class Totals {

    private final Map<String, Sum> cells = new TreeMap<>();
    private long refused;
    private long broken;
    private long tokensPresented;

    /** Answers of one kind. */
    static final class Sum {
        long reads;
        long violations;
        final Spread slack = new Spread();

        void add(Sum other) {
            reads += other.reads;
            violations += other.violations;
            slack.add(other.slack);
        }

        private void add(Phase.Cell cell) {
            reads += cell.reads.sum();
            violations += cell.violations.sum();
            slack.add(cell.slack);
        }
    }

    void add(Phase phase) {
        phase.cells()
                .forEach((name, cell) ->
                        cells.computeIfAbsent(name, absent -> new Sum()).add(cell));
        refused += phase.refused.sum();
        broken += phase.broken.sum();
        tokensPresented += phase.tokensPresented.sum();
    }

    /** By class and source, with a space between. */
    Map<String, Sum> cells() {
        return cells;
    }

    Sum of(String source) {
        Sum sum = new Sum();
        cells.forEach((name, cell) -> {
            if (name.endsWith(" " + source)) {
                sum.add(cell);
            }
        });
        return sum;
    }

    long reads() {
        return cells.values().stream().mapToLong(sum -> sum.reads).sum();
    }

    long refused() {
        return refused;
    }

    /** Requests whose answer never came. */
    long broken() {
        return broken;
    }

    /** Reads that were served with a token of theirs. */
    long tokensPresented() {
        return tokensPresented;
    }
}
