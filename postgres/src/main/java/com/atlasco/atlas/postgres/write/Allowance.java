package com.atlasco.atlas.postgres.write;

/** How many entities one run of a transaction may still create. For one thread. */
final class Allowance {

    private long left;

    Allowance(WriteLimits limits) {
        this.left = limits.creatable();
    }

    /** Takes one; false when none is left. */
    boolean take() {
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }

    /** For an entity that goes away, or was not created after all. */
    void giveBack() {
        // The greatest value stands for no limit, and stays.
        left = left == Long.MAX_VALUE ? left : left + 1;
    }
}
