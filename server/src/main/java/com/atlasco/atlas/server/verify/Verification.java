package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.check.CheckedServer;
import com.atlasco.atlas.postgres.check.CheckedTenants;
import com.atlasco.atlas.postgres.check.PivotComparison;
import com.atlasco.atlas.postgres.check.PivotMend;
import com.atlasco.atlas.postgres.check.RangeReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** One comparison of tenants and sources. For one thread. */
final class Verification {

    private final CheckedServer primary;
    private final CheckedTenants tenants;
    private final Map<ComparedSource, List<Copy>> copies;
    private final Positions positions;
    private final LongSupplier ticker;
    private final RandomGenerator random;

    Verification(
            CheckedServer primary,
            Map<ComparedSource, List<Copy>> copies,
            Positions positions,
            LongSupplier ticker,
            RandomGenerator random) {
        this.primary = primary;
        this.tenants = new CheckedTenants(primary);
        this.copies = copies;
        this.positions = positions;
        this.ticker = ticker;
        this.random = random;
    }

    /**
     * How a comparison goes about it.
     *
     * @param rows of a range at most
     * @param bytes of a range's documents, about
     */
    record Manner(VerifyRequest request, int rows, long bytes, Pace pace) {}

    VerifySummary run(List<TenantId> compared, List<ComparedSource> sources, Manner manner, VerifyListener listener)
            throws IOException, InterruptedException {
        long begun = ticker.getAsLong();
        Map<TenantId, Long> estimates = new LinkedHashMap<>();
        compared.forEach(tenant -> estimates.put(tenant, tenants.estimate(tenant)));
        double entities = estimates.values().stream().mapToLong(Long::longValue).sum();
        double planned = entities * sources.stream().mapToInt(this::walks).sum();
        Tally tally = new Tally(tenants, listener, sources, planned);
        for (ComparedSource source : sources) {
            // Whoever listens hears at once that it has begun.
            tally.compared(source, 0, 0);
            switch (source) {
                case PIVOT -> pivot(estimates, manner, tally);
                case REPLICA, OLAP -> {
                    for (Copy copy : copies(source)) {
                        copy(copy, estimates.keySet(), manner, tally);
                    }
                }
            }
        }
        return tally.summary(compared.size(), Duration.ofNanos(ticker.getAsLong() - begun));
    }

    private int walks(ComparedSource source) {
        return source == ComparedSource.PIVOT ? 2 : copies(source).size();
    }

    private List<Copy> copies(ComparedSource source) {
        return Objects.requireNonNull(copies.get(source));
    }

    private void pivot(Map<TenantId, Long> estimates, Manner manner, Tally tally)
            throws IOException, InterruptedException {
        PivotPass pass = new PivotPass(
                new PivotComparison(primary),
                new PivotMend(primary),
                ranges(manner),
                tally,
                sampling(manner),
                manner.pace(),
                new TypeNames(primary),
                manner.request().repair());
        for (Map.Entry<TenantId, Long> tenant : estimates.entrySet()) {
            pass.run(tenant.getKey(), tenant.getValue());
        }
    }

    /** A source that cannot be asked, or does not come so far, is not compared, and that is said; the others are. */
    private void copy(Copy copy, Collection<TenantId> compared, Manner manner, Tally tally)
            throws IOException, InterruptedException {
        boolean repair = manner.request().repair();
        Confirmation confirmation = new Confirmation(primary, copy, positions, manner.pace(), tally);
        TypeComparison types = new TypeComparison(copy, primary, confirmation, tally, repair);
        try {
            confirmation.await(primary.position());
            for (TenantId tenant : compared) {
                types.run(tenant);
            }
            new EntityPass(copy, primary, ranges(manner), confirmation, tally, sampling(manner), manner.pace(), repair)
                    .run(compared);
        } catch (NotReachedException behind) {
            tally.notCompared(copy.name(), String.valueOf(behind.getMessage()));
        } catch (AtlasException failed) {
            tally.notCompared(copy.name(), failed.problem().detail());
        }
    }

    private RangeReader ranges(Manner manner) {
        return new RangeReader(primary, manner.rows(), manner.bytes());
    }

    private Sampling sampling(Manner manner) {
        return new Sampling(manner.request().sample(), random.nextDouble());
    }
}
