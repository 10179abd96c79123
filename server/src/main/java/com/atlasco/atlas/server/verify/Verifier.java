package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.analytics.ComparisonReader;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.check.CheckedServer;
import com.atlasco.atlas.postgres.check.CheckedTenants;
import com.atlasco.atlas.server.Tenants;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Compares tiers, on request or for the background. Thread-safe. */
public final class Verifier {

    private static final int ROWS = 2_048;
    private static final long BYTES = 2L << 20;

    private final CheckedServer primary;
    private final Optional<ComparisonReader> olap;
    private final Map<ComparedSource, List<Copy>> copies = new EnumMap<>(ComparedSource.class);
    private final Verification verification;
    private final VerifyMeters meters;
    private final LongSupplier ticker;
    private final Semaphore turn = new Semaphore(1);

    /**
     * A verifier.
     *
     * @param replicas by their names; each is compared
     * @param olap empty where there is none
     * @param refresh mends the columnar store
     * @param ticker monotonic, in nanoseconds
     * @param random chooses samples
     */
    public Verifier(
            CheckedServer primary,
            Map<String, CheckedServer> replicas,
            Optional<ComparisonReader> olap,
            Positions positions,
            EntityRefresh refresh,
            MeterRegistry meters,
            LongSupplier ticker,
            RandomGenerator random) {
        this.primary = primary;
        this.olap = olap;
        this.ticker = ticker;
        if (!replicas.isEmpty()) {
            copies.put(
                    ComparedSource.REPLICA,
                    replicas.entrySet().stream()
                            .<Copy>map(replica -> new ReplicaCopy(replica.getKey(), primary, replica.getValue()))
                            .toList());
        }
        olap.ifPresent(store -> copies.put(ComparedSource.OLAP, List.of(new OlapCopy(primary, store, refresh))));
        this.verification = new Verification(primary, copies, positions, ticker, random);
        this.meters = new VerifyMeters(meters, available(), ticker);
    }

    private Set<ComparedSource> available() {
        Set<ComparedSource> available = EnumSet.of(ComparedSource.PIVOT);
        available.addAll(copies.keySet());
        return available;
    }

    /**
     * Compares, on the caller's thread.
     *
     * @param listener an exception that it throws ends the comparison
     * @throws AtlasException {@code overloaded} when another comparison was asked for and is under way; {@code
     *     tenant_not_found}, {@code tenant_gone}; {@code source_unavailable} when the primary cannot be asked, or a source
     *     is named that is not here
     * @throws IOException what the listener throws
     */
    public VerifySummary verify(VerifyRequest request, VerifyListener listener)
            throws IOException, InterruptedException {
        if (!turn.tryAcquire()) {
            throw Problem.of(ErrorCode.OVERLOADED, "a comparison is under way already")
                    .hint("Wait for it to end, or stop it.")
                    .asException();
        }
        try {
            return run(new Verification.Manner(request, ROWS, BYTES, Pace.unlimited(ticker)), listener);
        } finally {
            turn.release();
        }
    }

    /** One pass over everything in the background. */
    VerifySummary pass(Pace pace, VerifyListener listener) throws IOException, InterruptedException {
        return run(new Verification.Manner(VerifyRequest.everything(), ROWS / 4, BYTES / 4, pace), listener);
    }

    private VerifySummary run(Verification.Manner manner, VerifyListener listener)
            throws IOException, InterruptedException {
        List<ComparedSource> sources = sources(manner.request());
        List<TenantId> tenants = tenants(manner.request(), sources);
        VerifySummary summary = verification.run(tenants, sources, manner, listener);
        meters.compared(summary, manner.request().isWhole());
        return summary;
    }

    private List<ComparedSource> sources(VerifyRequest request) {
        Set<ComparedSource> available = available();
        for (ComparedSource wanted : request.sources()) {
            if (!available.contains(wanted)) {
                throw Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "there is no %s here".formatted(wanted.wireName()))
                        .at("/sources")
                        .hint("GET /health/replication names the sources there are.")
                        .asException();
            }
        }
        return available.stream()
                .filter(source ->
                        request.sources().isEmpty() || request.sources().contains(source))
                .toList();
    }

    private List<TenantId> tenants(VerifyRequest request, List<ComparedSource> sources) {
        CheckedTenants known = new CheckedTenants(primary);
        Set<TenantId> all = new HashSet<>(known.all());
        if (sources.contains(ComparedSource.OLAP)) {
            all.addAll(ofStore());
        }
        Set<TenantId> going = known.beingDeleted();
        for (TenantId wanted : request.tenants()) {
            if (going.contains(wanted)) {
                throw Tenants.gone(wanted);
            }
            if (!all.contains(wanted)) {
                throw Problem.of(ErrorCode.TENANT_NOT_FOUND, "there is no tenant " + wanted)
                        .at("/tenants")
                        .hint("./atlas tenant list, or GET /api/v1/admin/tenants, names them.")
                        .asException();
            }
        }
        return all.stream()
                .filter(tenant ->
                        request.tenants().isEmpty() || request.tenants().contains(tenant))
                .filter(tenant -> !going.contains(tenant))
                .sorted(Comparator.comparingLong(TenantId::value))
                .toList();
    }

    /** Those whose entities the store has; of a store that cannot be asked it is said later that it was not compared. */
    private Set<TenantId> ofStore() {
        try {
            return olap.map(ComparisonReader::tenants).orElse(Set.of());
        } catch (AtlasException unavailable) {
            return Set.of();
        }
    }
}
