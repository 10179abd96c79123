package com.atlasco.atlas.bench.crash;

import java.util.SplittableRandom;

/** What is killed. */
enum Victim {
    JVM_UNDER_LOAD("jvm under load", true),
    JVM_WHILE_STARTING("jvm while starting", true),
    POSTMASTER_OF_PRIMARY("postmaster of the primary", true),
    PROCESS_OF_PRIMARY("a process of the primary", true),
    POSTMASTER_OF_REPLICA("postmaster of the replica", false);

    private final String words;
    private final boolean stopsWrites;

    Victim(String words, boolean stopsWrites) {
        this.words = words;
        this.stopsWrites = stopsWrites;
    }

    /** Of PostgreSQL, 85 % of the primary. */
    static Victim ofPostgres(SplittableRandom random) {
        int dice = random.nextInt(100);
        if (dice < 50) {
            return POSTMASTER_OF_PRIMARY;
        }
        return dice < 85 ? PROCESS_OF_PRIMARY : POSTMASTER_OF_REPLICA;
    }

    /** Whether nothing can be written until it is back. */
    boolean stopsWrites() {
        return stopsWrites;
    }

    @Override
    public String toString() {
        return words;
    }
}
