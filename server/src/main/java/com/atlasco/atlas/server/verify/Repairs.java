package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.AtlasException;
import java.util.List;
import java.util.Optional;

/** What all that mends has in common. */
final class Repairs {

    private Repairs() {}

    /** What is done to mend something. */
    @FunctionalInterface
    interface Mending {
        void run() throws InterruptedException;
    }

    /** Mends; says why where that could not be done. */
    static Optional<String> attempt(Mending mending) throws InterruptedException {
        try {
            mending.run();
            return Optional.empty();
        } catch (AtlasException failed) {
            return Optional.of("not mended: " + failed.problem().detail());
        }
    }

    /** Findings with what became of them. */
    static List<Finding> concluded(List<Finding> findings, boolean mended, String otherwise) {
        return findings.stream()
                .map(finding -> mended ? finding.withRepaired(true) : finding.withDetail(otherwise))
                .toList();
    }
}
