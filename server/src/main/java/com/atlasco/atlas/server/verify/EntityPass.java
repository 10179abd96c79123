package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.analytics.ComparisonReader.WrongCopy;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.check.CheckedServer;
import com.atlasco.atlas.postgres.check.Range;
import com.atlasco.atlas.postgres.check.RangeReader;
import com.atlasco.atlas.server.verify.Confirmation.Divergence;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Compares a copy with the primary, range by range. Some ranges are read ahead on the primary, so that the source has mostly
 * come past one when it is its turn, and small tenants do not wait one after the other. For one thread.
 */
final class EntityPass {

    /** Read ahead at most. */
    private static final int AHEAD_RANGES = 64;

    private static final int AHEAD_ROWS = 4_096;
    private static final long AHEAD_BYTES = 4L << 20;

    private static final int MOST_AT_ONCE = 200;
    private static final long BYTES_AT_ONCE = 4L << 20;

    private final Copy copy;
    private final CheckedServer primary;
    private final RangeReader ranges;
    private final Confirmation confirmation;
    private final Tally tally;
    private final Sampling sampling;
    private final Pace pace;
    private final TypeNames names;
    private final boolean repair;
    private final Deque<Copy.Pending> ahead = new ArrayDeque<>();

    EntityPass(
            Copy copy,
            CheckedServer primary,
            RangeReader ranges,
            Confirmation confirmation,
            Tally tally,
            Sampling sampling,
            Pace pace,
            boolean repair) {
        this.copy = copy;
        this.primary = primary;
        this.ranges = ranges;
        this.confirmation = confirmation;
        this.tally = tally;
        this.sampling = sampling;
        this.pace = pace;
        this.names = new TypeNames(primary);
        this.repair = repair;
    }

    void run(Collection<TenantId> tenants) throws IOException, InterruptedException, NotReachedException {
        for (TenantId tenant : tenants) {
            long after = 0;
            Range range;
            do {
                range = ranges.next(tenant, after);
                if (sampling.takes()) {
                    ahead.addLast(copy.read(tenant, range));
                    while (isFarAhead()) {
                        compareFirst();
                    }
                } else {
                    tally.compared(copy.name(), 0, range.entities());
                }
                after = range.through();
            } while (!range.isLast());
        }
        while (!ahead.isEmpty()) {
            compareFirst();
        }
        // What was equal was so at its moment; a source that has stopped since then is none that follows.
        confirmation.await(primary.position());
    }

    private boolean isFarAhead() {
        long rows = 0;
        long bytes = 0;
        for (Copy.Pending pending : ahead) {
            rows += pending.range().entities();
            bytes += pending.range().bytes();
        }
        return ahead.size() > 1 && (ahead.size() > AHEAD_RANGES || rows > AHEAD_ROWS || bytes > AHEAD_BYTES);
    }

    private void compareFirst() throws IOException, InterruptedException, NotReachedException {
        Copy.Pending pending = ahead.removeFirst();
        confirmation.await(pending.position());
        Copy.Differences differences = pending.compare();
        if (!differences.entityIds().isEmpty()) {
            decide(pending, differences.entityIds());
        }
        if (!differences.wrongCopies().isEmpty()) {
            wrongCopies(pending.tenant(), differences.wrongCopies());
        }
        tally.compared(copy.name(), pending.range().entities(), pending.range().entities());
        pace.rest();
    }

    private void decide(Copy.Pending pending, List<Long> suspects)
            throws IOException, InterruptedException, NotReachedException {
        long average = Math.max(
                1, pending.range().bytes() / Math.max(1, pending.range().entities()));
        int atOnce = (int) Math.clamp(BYTES_AT_ONCE / average, 1, MOST_AT_ONCE);
        for (int from = 0; from < suspects.size(); from += atOnce) {
            decideSome(pending.tenant(), suspects.subList(from, Math.min(suspects.size(), from + atOnce)));
        }
    }

    private void decideSome(TenantId tenant, List<Long> suspects)
            throws IOException, InterruptedException, NotReachedException {
        Confirmation.Decided decided = confirmation.decide(tenant, suspects);
        if ((decided.divergent().isEmpty() && decided.undecided().isEmpty()) || !tally.isSettled(tenant)) {
            return;
        }
        List<Long> ids = decided.divergent().stream().map(Divergence::entityId).toList();
        Set<Long> mended = new HashSet<>();
        Optional<String> failure = Optional.empty();
        if (repair && copy.isMendable() && !ids.isEmpty()) {
            failure = Repairs.attempt(() -> copy.mend(tenant, ids));
            if (failure.isEmpty()) {
                mended.addAll(ids);
                Confirmation.Decided again = confirmation.decide(tenant, ids);
                again.divergent().forEach(divergence -> mended.remove(divergence.entityId()));
                mended.removeAll(again.undecided());
            }
        }
        IntFunction<String> named = names.of(tenant);
        for (Divergence divergence : decided.divergent()) {
            boolean isMended = mended.contains(divergence.entityId());
            tally.found(
                    copy.name(),
                    Repairs.concluded(
                            EntityDifference.of(tenant, copy.name(), divergence, named),
                            isMended,
                            failure.orElseGet(copy::remedy)),
                    1);
        }
        for (long id : decided.undecided()) {
            tally.undecided(Finding.ofEntity(tenant, copy.name(), Finding.Kind.UNDECIDED, id)
                    .withDetail("it changed whenever it was looked at: not decided"));
        }
    }

    /** Columns of one transaction's state that contradict their own row are wrong, whatever the primary does. */
    private void wrongCopies(TenantId tenant, List<WrongCopy> wrong) throws IOException, InterruptedException {
        if (!tally.isSettled(tenant)) {
            return;
        }
        Set<Long> ids = new LinkedHashSet<>();
        wrong.forEach(one -> ids.add(one.entityId()));
        Set<Long> mended = new HashSet<>();
        Optional<String> failure = Optional.empty();
        if (repair) {
            failure = Repairs.attempt(() -> copy.mend(tenant, List.copyOf(ids)));
            if (failure.isEmpty()) {
                mended.addAll(ids);
                copy.wrongCopies(tenant, ids).forEach(still -> mended.remove(still.entityId()));
            }
        }
        IntFunction<String> named = names.of(tenant);
        List<Finding> findings = new ArrayList<>();
        for (WrongCopy one : wrong) {
            Finding.Kind kind = one.copy().isEmpty()
                    ? Finding.Kind.MISSING
                    : one.value().isEmpty() ? Finding.Kind.ORPHANED : Finding.Kind.STALE;
            Finding finding = Finding.ofEntity(tenant, copy.name(), kind, one.entityId())
                    .ofProperty("column " + one.column())
                    .withValues(one.value(), one.copy());
            if (one.attributeId().isPresent()) {
                finding = finding.ofAttribute(
                        named.apply(Math.toIntExact(one.attributeId().getAsLong())));
            }
            findings.addAll(Repairs.concluded(
                    List.of(finding), mended.contains(one.entityId()), failure.orElseGet(copy::remedy)));
        }
        tally.found(copy.name(), findings, ids.size());
    }
}
