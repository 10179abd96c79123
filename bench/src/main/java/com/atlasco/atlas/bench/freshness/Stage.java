package com.atlasco.atlas.bench.freshness;

/** What is going on: read by all threads, set by the one that runs the bench. */
final class Stage {

    private volatile Phase phase;
    private volatile boolean writersRest;
    private volatile boolean over;

    Stage(Phase first) {
        this.phase = first;
    }

    Phase phase() {
        return phase;
    }

    void enter(Phase next) {
        phase = next;
    }

    boolean writersRest() {
        return writersRest;
    }

    void letWritersRest(boolean rest) {
        writersRest = rest;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }
}
