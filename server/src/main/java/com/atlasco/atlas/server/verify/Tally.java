package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.check.CheckedTenants;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what is compared and found, and tells. For one thread. */
final class Tally {

    private final CheckedTenants tenants;
    private final VerifyListener listener;
    private final double planned;
    private final Map<ComparedSource, Counts> counts = new EnumMap<>(ComparedSource.class);
    private double done;

    private static final class Counts {
        private long entities;
        private long findings;
        private long repaired;
        private long rows;
        private long undecided;
        private Optional<String> notCompared = Optional.empty();
    }

    /** @param planned how many units of work there are, about */
    Tally(CheckedTenants tenants, VerifyListener listener, Iterable<ComparedSource> sources, double planned) {
        this.tenants = tenants;
        this.listener = listener;
        this.planned = planned;
        sources.forEach(source -> counts.put(source, new Counts()));
    }

    private Counts of(ComparedSource source) {
        return counts.computeIfAbsent(source, key -> new Counts());
    }

    /** Notes progress. */
    void compared(ComparedSource source, long entities, double units) throws IOException {
        of(source).entities += entities;
        done += units;
        listener.progress(new VerifyProgress(
                counts.values().stream().mapToLong(count -> count.entities).sum(),
                counts.values().stream().mapToLong(count -> count.findings).sum(),
                planned <= 0 ? 100 : Math.min(100, 100 * done / planned)));
    }

    /**
     * Whether differences of a tenant mean anything. Asked when some have been seen: a tenant that is being deleted goes
     * bit by bit.
     */
    boolean isSettled(TenantId tenant) {
        return !tenants.beingDeleted().contains(tenant);
    }

    /**
     * Tells what was found.
     *
     * @param rows how many rows these findings are about
     */
    void found(ComparedSource source, List<Finding> findings, int rows) throws IOException {
        Counts count = of(source);
        count.rows += rows;
        for (Finding finding : findings) {
            count.findings++;
            if (finding.repaired()) {
                count.repaired++;
            }
            listener.finding(finding);
        }
    }

    /** Tells of what could not be decided. */
    void undecided(Finding finding) throws IOException {
        of(finding.source()).undecided++;
        listener.finding(finding);
    }

    void notCompared(ComparedSource source, String why) {
        Counts count = of(source);
        count.notCompared =
                Optional.of(count.notCompared.map(before -> before + "; " + why).orElse(why));
    }

    VerifySummary summary(int compared, Duration elapsed) {
        Map<ComparedSource, SourceResult> results = new EnumMap<>(ComparedSource.class);
        counts.forEach((source, count) -> results.put(
                source,
                new SourceResult(
                        count.entities,
                        count.findings,
                        count.repaired,
                        count.rows,
                        count.undecided,
                        count.notCompared)));
        return new VerifySummary(results, compared, elapsed);
    }
}
