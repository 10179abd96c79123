package com.atlasco.atlas.bench.freshness;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What was read during one fault, or between two. Thread-safe. */
final class Phase {

    private final String name;
    private final Map<String, Cell> cells = new ConcurrentSkipListMap<>();
    final LongAdder alwaysServedAsked = new LongAdder();
    final LongAdder alwaysServedDone = new LongAdder();
    final LongAdder byReplicaAsked = new LongAdder();
    final LongAdder byReplicaDone = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder broken = new LongAdder();
    final LongAdder tokensPresented = new LongAdder();

    /** Answers of one class from one source. */
    static final class Cell {
        final LongAdder reads = new LongAdder();
        final LongAdder violations = new LongAdder();
        /** Bound minus truth, in milliseconds. */
        final Spread slack = new Spread();
    }

    Phase(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    Cell cell(String freshness, String source) {
        return cells.computeIfAbsent(freshness + " " + source, absent -> new Cell());
    }

    Map<String, Cell> cells() {
        return cells;
    }

    long reads() {
        return cells.values().stream().mapToLong(cell -> cell.reads.sum()).sum();
    }

    long readsFrom(String source) {
        return cells.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(" " + source))
                .mapToLong(entry -> entry.getValue().reads.sum())
                .sum();
    }

    long violations() {
        return cells.values().stream().mapToLong(cell -> cell.violations.sum()).sum();
    }
}
