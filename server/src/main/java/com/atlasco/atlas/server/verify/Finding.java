package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.TenantId;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One place where a source does not say what the primary says.
 *
 * @param entityId empty for what concerns an attribute type
 * @param attribute by name; empty for what concerns the entity as a whole
 * @param property what of the entity or attribute differs, where that is no value: {@code version}, {@code hot}
 * @param expected what the primary has, shortened; empty where it has nothing
 * @param actual what the source has, shortened; empty where it has nothing
 * @param repaired whether it was mended, and looked at again after that
 * @param detail a sentence for people
 */
public record Finding(
        TenantId tenant,
        ComparedSource source,
        Kind kind,
        OptionalLong entityId,
        Optional<String> attribute,
        Optional<String> property,
        Optional<String> expected,
        Optional<String> actual,
        boolean repaired,
        Optional<String> detail) {

    /** How they differ. */
    public enum Kind {
        /** The primary has it, the source does not. */
        MISSING,
        /** Both have it, and not the same. */
        STALE,
        /** The source has it, the primary does not. */
        ORPHANED,
        /** It changed whenever it was looked at. No finding of a difference. */
        UNDECIDED;

        /** The name on the wire: lower case. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Finding withRepaired(boolean mended) {
        return new Finding(tenant, source, kind, entityId, attribute, property, expected, actual, mended, detail);
    }

    Finding withDetail(String newDetail) {
        return new Finding(
                tenant,
                source,
                kind,
                entityId,
                attribute,
                property,
                expected,
                actual,
                repaired,
                Optional.of(newDetail));
    }

    /** Of an entity as a whole. */
    static Finding ofEntity(TenantId tenant, ComparedSource source, Kind kind, long entityId) {
        return new Finding(
                tenant,
                source,
                kind,
                OptionalLong.of(entityId),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    Finding ofAttribute(String name) {
        return new Finding(
                tenant, source, kind, entityId, Optional.of(name), property, expected, actual, repaired, detail);
    }

    Finding ofProperty(String name) {
        return new Finding(
                tenant, source, kind, entityId, attribute, Optional.of(name), expected, actual, repaired, detail);
    }

    Finding withValues(Optional<String> onPrimary, Optional<String> onSource) {
        return new Finding(
                tenant,
                source,
                kind,
                entityId,
                attribute,
                property,
                onPrimary.map(Finding::shortened),
                onSource.map(Finding::shortened),
                repaired,
                detail);
    }

    private static String shortened(String text) {
        int most = 80;
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most)) + "…";
    }
}
