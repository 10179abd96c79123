package com.atlasco.atlas.server.verify;

/** Takes a share of what comes, evenly, and the first in any case. For one thread. */
final class Sampling {

    private final double share;
    private double credit;
    private boolean begun;

    /**
     * A sample.
     *
     * @param share above 0 and at most 1
     * @param phase from 0 to below 1, at random: which of the later ones are taken
     */
    Sampling(double share, double phase) {
        this.share = share;
        this.credit = phase;
    }

    boolean isWhole() {
        return share == 1;
    }

    boolean takes() {
        if (!begun) {
            begun = true;
            return true;
        }
        credit += share;
        if (credit >= 1) {
            credit -= 1;
            return true;
        }
        return false;
    }
}
