package com.atlasco.atlas.cli.tenant;

import com.atlasco.atlas.cli.UsageException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The quotas as options. */
public final class QuotaOptions {

    private static final String NONE = "none";

    @Option(names = "--max-entities", paramLabel = "N", description = "Entities that may exist, or 'none'")
    private Optional<String> maxEntities = Optional.empty();

    @Option(
            names = "--max-attribute-types",
            paramLabel = "N",
            description = "Attribute types that may be registered, or 'none'")
    private Optional<String> maxAttributeTypes = Optional.empty();

    @Option(
            names = "--max-writes-per-second",
            paramLabel = "N",
            description = "Entities that a node writes in a second, or 'none'")
    private Optional<String> maxWritesPerSecond = Optional.empty();

    /** Those that are given, as a merge patch. */
    ObjectNode patch() {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        put(patch, "max_entities", maxEntities);
        put(patch, "max_attribute_types", maxAttributeTypes);
        put(patch, "max_writes_per_second", maxWritesPerSecond);
        return patch;
    }

    private static void put(ObjectNode patch, String member, Optional<String> given) {
        given.ifPresent(text -> {
            if (text.equals(NONE)) {
                patch.putNull(member);
                return;
            }
            if (!text.matches("\\d{1,18}")) {
                throw new UsageException(
                        "--%s takes a whole number or 'none', not '%s'.".formatted(member.replace('_', '-'), text));
            }
            patch.put(member, Long.parseLong(text));
        });
    }
}
