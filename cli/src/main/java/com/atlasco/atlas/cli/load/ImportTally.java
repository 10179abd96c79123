package com.atlasco.atlas.cli.load;

import java.util.ArrayList;
import java.util.List;

/** Counts what became of the rows. Thread-safe. */
public final class ImportTally {

    private static final int REMEMBERED = 20;

    private final List<RefusedLine> firstRefused = new ArrayList<>();
    private long created;
    private long updated;
    private long refused;

    /** A line that was not stored, and why. */
    public record RefusedLine(long line, String problem) {}

    /**
     * The figures at one moment.
     *
     * @param firstRefused at most 20, by line
     */
    public record Figures(long created, long updated, long refused, List<RefusedLine> firstRefused) {

        /** All rows whose fate is known. */
        public long answered() {
            return created + updated + refused;
        }
    }

    synchronized void created() {
        created++;
    }

    synchronized void updated() {
        updated++;
    }

    synchronized void refused(long line, String problem) {
        refused++;
        if (firstRefused.size() < REMEMBERED) {
            firstRefused.add(new RefusedLine(line, problem));
        }
    }

    /** How many rows were not stored. */
    synchronized long refused() {
        return refused;
    }

    /** What is known now. */
    public synchronized Figures figures() {
        List<RefusedLine> lines = new ArrayList<>(firstRefused);
        lines.sort((left, right) -> Long.compare(left.line(), right.line()));
        return new Figures(created, updated, refused, List.copyOf(lines));
    }
}
