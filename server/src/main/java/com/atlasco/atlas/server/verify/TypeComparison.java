package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.check.CheckedServer;
import com.atlasco.atlas.postgres.check.TypeRow;
import com.atlasco.atlas.server.verify.Copy.HeldType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Compares the attribute types that a source holds with the registry on the primary. For one thread. */
final class TypeComparison {

    private static final int ROUNDS = 8;

    private final Copy copy;
    private final CheckedServer primary;
    private final Confirmation confirmation;
    private final Tally tally;
    private final boolean repair;

    TypeComparison(Copy copy, CheckedServer primary, Confirmation confirmation, Tally tally, boolean repair) {
        this.copy = copy;
        this.primary = primary;
        this.confirmation = confirmation;
        this.tally = tally;
        this.repair = repair;
    }

    void run(TenantId tenant) throws IOException, InterruptedException, NotReachedException {
        // Mostly they are equal at once, and then nothing has to be waited for.
        if (differing(held(primary.types(tenant)), copy.types(tenant)).isEmpty()) {
            return;
        }
        Map<Integer, Pair> wrong = decide(tenant);
        if (wrong.isEmpty() || !tally.isSettled(tenant)) {
            return;
        }
        Set<Integer> mended = Set.of();
        Optional<String> failure = Optional.empty();
        if (repair && copy.isMendable()) {
            failure = Repairs.attempt(() -> wrong.keySet().forEach(id -> primary.sendAgain(tenant, id)));
            if (failure.isEmpty()) {
                mended = new TreeSet<>(wrong.keySet());
                mended.removeAll(decide(tenant).keySet());
            }
        }
        for (Map.Entry<Integer, Pair> entry : wrong.entrySet()) {
            boolean isMended = mended.contains(entry.getKey());
            tally.found(
                    copy.name(),
                    Repairs.concluded(findings(tenant, entry.getValue()), isMended, failure.orElseGet(copy::remedy)),
                    1);
        }
    }

    private record Pair(Optional<HeldType> onPrimary, Optional<HeldType> onSource) {}

    /** As entities are decided on: the primary says the same before and after the source was asked. */
    private Map<Integer, Pair> decide(TenantId tenant) throws IOException, InterruptedException, NotReachedException {
        Map<Integer, Pair> wrong = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            CheckedServer.Read<Map<Integer, TypeRow>> read = primary.typesOfPrimary(tenant);
            confirmation.await(read.position());
            Map<Integer, HeldType> there = copy.types(tenant);
            Map<Integer, HeldType> before = held(read.value());
            if (before.equals(held(primary.types(tenant)))) {
                differing(before, there)
                        .forEach(id -> wrong.put(
                                id, new Pair(Optional.ofNullable(before.get(id)), Optional.ofNullable(there.get(id)))));
                return wrong;
            }
        }
        return wrong;
    }

    private static Map<Integer, HeldType> held(Map<Integer, TypeRow> types) {
        Map<Integer, HeldType> held = new HashMap<>();
        types.forEach((id, type) -> held.put(id, new HeldType(type, ReplicaCopy.isCopied(type))));
        return held;
    }

    private static Set<Integer> differing(Map<Integer, HeldType> one, Map<Integer, HeldType> other) {
        Set<Integer> ids = new TreeSet<>(one.keySet());
        ids.addAll(other.keySet());
        ids.removeIf(id -> Optional.ofNullable(one.get(id)).equals(Optional.ofNullable(other.get(id))));
        return ids;
    }

    private List<Finding> findings(TenantId tenant, Pair pair) {
        if (pair.onSource().isEmpty()) {
            return List.of(
                    finding(tenant, Finding.Kind.MISSING, pair.onPrimary().orElseThrow(), "type"));
        }
        if (pair.onPrimary().isEmpty()) {
            return List.of(
                    finding(tenant, Finding.Kind.ORPHANED, pair.onSource().get(), "type"));
        }
        HeldType one = pair.onPrimary().get();
        HeldType other = pair.onSource().get();
        List<Finding> findings = new ArrayList<>();
        stale(findings, tenant, one, "name", one.row().name(), other.row().name());
        stale(
                findings,
                tenant,
                one,
                "data_type",
                one.row().dataType().wireName(),
                other.row().dataType().wireName());
        stale(
                findings,
                tenant,
                one,
                "filterable",
                one.row().filterable(),
                other.row().filterable());
        stale(findings, tenant, one, "hot", one.row().hot(), other.row().hot());
        stale(findings, tenant, one, "column", one.copied(), other.copied());
        return findings;
    }

    private void stale(
            List<Finding> findings, TenantId tenant, HeldType type, String property, Object one, Object other) {
        if (!one.equals(other)) {
            findings.add(finding(tenant, Finding.Kind.STALE, type, property)
                    .withValues(Optional.of(one.toString()), Optional.of(other.toString())));
        }
    }

    private Finding finding(TenantId tenant, Finding.Kind kind, HeldType type, String property) {
        return new Finding(
                tenant,
                copy.name(),
                kind,
                OptionalLong.empty(),
                Optional.of(type.row().name()),
                Optional.of(property),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }
}
