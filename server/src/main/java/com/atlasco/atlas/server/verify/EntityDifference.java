package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.NumberText;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.check.StoredRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** Says in what two rows of an entity differ. */
final class EntityDifference {

    private EntityDifference() {}

    /**
     * What differs.
     *
     * @param names of attributes, by id
     */
    static List<Finding> of(
            TenantId tenant, ComparedSource source, Confirmation.Divergence divergence, IntFunction<String> names) {
        long entityId = divergence.entityId();
        if (divergence.onSource().isEmpty()) {
            return List.of(Finding.ofEntity(tenant, source, Finding.Kind.MISSING, entityId));
        }
        if (divergence.onPrimary().isEmpty()) {
            return List.of(Finding.ofEntity(tenant, source, Finding.Kind.ORPHANED, entityId));
        }
        StoredRow expected = divergence.onPrimary().get();
        StoredRow actual = divergence.onSource().get();
        List<Finding> findings = new ArrayList<>();
        Finding stale = Finding.ofEntity(tenant, source, Finding.Kind.STALE, entityId);
        property(
                findings,
                stale,
                "version",
                expected.entity().version(),
                actual.entity().version());
        property(
                findings,
                stale,
                "entity_type",
                expected.entity().entityType(),
                actual.entity().entityType());
        values(findings, tenant, source, expected.entity(), actual.entity(), names);
        if (actual.others() > 0) {
            findings.add(Finding.ofEntity(tenant, source, Finding.Kind.ORPHANED, entityId)
                    .ofProperty("row")
                    .withDetail("it has %d rows instead of one".formatted(1 + actual.others())));
        }
        if (findings.isEmpty()) {
            property(
                    findings,
                    stale,
                    "updated_at",
                    expected.entity().updatedAt(),
                    actual.entity().updatedAt());
        }
        if (findings.isEmpty()) {
            findings.add(stale.ofProperty("changed_attributes"));
        }
        return findings;
    }

    private static void property(List<Finding> findings, Finding stale, String name, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            findings.add(stale.ofProperty(name)
                    .withValues(Optional.of(expected.toString()), Optional.of(actual.toString())));
        }
    }

    private static void values(
            List<Finding> findings,
            TenantId tenant,
            ComparedSource source,
            Entity expected,
            Entity actual,
            IntFunction<String> names) {
        TreeSet<Integer> ids = new TreeSet<>(expected.document().values().keySet());
        ids.addAll(actual.document().values().keySet());
        for (int id : ids) {
            Optional<Value> one = expected.document().find(id);
            Optional<Value> other = actual.document().find(id);
            if (!one.equals(other)) {
                Finding.Kind kind = one.isEmpty()
                        ? Finding.Kind.ORPHANED
                        : other.isEmpty() ? Finding.Kind.MISSING : Finding.Kind.STALE;
                findings.add(Finding.ofEntity(tenant, source, kind, expected.entityId())
                        .ofAttribute(names.apply(id))
                        .withValues(one.map(EntityDifference::text), other.map(EntityDifference::text)));
            }
        }
    }

    private static String text(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) -> NumberText.of(number);
            case Value.TextValue(String text) -> text;
            case Value.TimestampValue timestamp -> timestamp.instant().toString();
            case Value.BoolValue(boolean bool) -> Boolean.toString(bool);
            case Value.JsonValue(String json) -> json;
        };
    }
}
