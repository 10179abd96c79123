package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.check.PivotComparison;
import com.atlasco.atlas.postgres.check.PivotFault;
import com.atlasco.atlas.postgres.check.PivotMend;
import com.atlasco.atlas.postgres.check.Range;
import com.atlasco.atlas.postgres.check.RangeReader;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Compares documents and pivot of tenants, in both directions. For one thread. */
final class PivotPass {

    private static final int ROWS = 4_096;
    private static final int MOST_REMEMBERED = 100_000;

    private final PivotComparison comparison;
    private final PivotMend mend;
    private final RangeReader ranges;
    private final Tally tally;
    private final Sampling sampling;
    private final Pace pace;
    private final TypeNames names;
    private final boolean repair;
    /** Values whose row has another value: that they have no row of their own is no second finding. */
    private final Set<Place> stale = new HashSet<>();

    private record Place(long entityId, int attributeId) {}

    PivotPass(
            PivotComparison comparison,
            PivotMend mend,
            RangeReader ranges,
            Tally tally,
            Sampling sampling,
            Pace pace,
            TypeNames names,
            boolean repair) {
        this.comparison = comparison;
        this.mend = mend;
        this.ranges = ranges;
        this.tally = tally;
        this.sampling = sampling;
        this.pace = pace;
        this.names = names;
        this.repair = repair;
    }

    /** @param estimate how many entities the tenant has, about */
    void run(TenantId tenant, double estimate) throws IOException, InterruptedException {
        stale.clear();
        rows(tenant, estimate);
        long after = 0;
        Range range;
        do {
            range = ranges.next(tenant, after);
            if (sampling.takes()) {
                report(tenant, comparison.valuesWithoutRow(tenant, range));
                tally.compared(ComparedSource.PIVOT, range.entities(), range.entities());
                pace.rest();
            } else {
                tally.compared(ComparedSource.PIVOT, 0, range.entities());
            }
            after = range.through();
        } while (!range.isLast());
    }

    private void rows(TenantId tenant, double estimate) throws IOException, InterruptedException {
        List<PivotComparison.Slice> slices = comparison.slices(tenant);
        for (PivotComparison.Slice slice : slices) {
            Optional<PivotComparison.Place> place = Optional.empty();
            do {
                boolean taken = sampling.takes();
                PivotComparison.Part part = taken
                        ? comparison.unaccounted(tenant, slice, place, ROWS)
                        : comparison.skip(tenant, slice, place, ROWS);
                report(tenant, part.faults());
                place = part.next();
                tally.compared(ComparedSource.PIVOT, 0, 0);
                if (taken) {
                    pace.rest();
                }
            } while (place.isPresent());
            tally.compared(ComparedSource.PIVOT, 0, estimate / slices.size());
        }
    }

    private void report(TenantId tenant, List<PivotFault> faults) throws IOException, InterruptedException {
        if (faults.isEmpty() || !tally.isSettled(tenant)) {
            return;
        }
        for (PivotFault fault : faults) {
            Place place = new Place(fault.entityId(), fault.attributeId());
            if (fault.kind() == PivotFault.Kind.MISSING && stale.contains(place)) {
                continue;
            }
            if (fault.kind() == PivotFault.Kind.STALE && stale.size() < MOST_REMEMBERED) {
                stale.add(place);
            }
            Optional<String> failure = Optional.empty();
            AtomicBoolean mended = new AtomicBoolean();
            if (repair) {
                failure = Repairs.attempt(() -> mended.set(mend.mend(tenant, fault)));
            }
            Finding finding = finding(tenant, fault).withRepaired(mended.get());
            tally.found(
                    ComparedSource.PIVOT,
                    List.of(failure.map(finding::withDetail).orElse(finding)),
                    1);
        }
    }

    private Finding finding(TenantId tenant, PivotFault fault) {
        Finding.Kind kind = switch (fault.kind()) {
            case MISSING -> Finding.Kind.MISSING;
            case STALE -> Finding.Kind.STALE;
            case SURPLUS, GONE, UNREGISTERED -> Finding.Kind.ORPHANED;
        };
        String detail = switch (fault.kind()) {
            case MISSING -> "the value has no row";
            case STALE -> "the row has another value than the document";
            case SURPLUS -> "no value of the document accounts for the row";
            case GONE -> "the entity does not exist";
            case UNREGISTERED -> "the document has a value of an attribute that does not exist";
        };
        return Finding.ofEntity(tenant, ComparedSource.PIVOT, kind, fault.entityId())
                .ofAttribute(names.of(tenant).apply(fault.attributeId()))
                .withValues(fault.document(), fault.row().map(PivotFault.Row::shown))
                .withDetail(detail);
    }
}
