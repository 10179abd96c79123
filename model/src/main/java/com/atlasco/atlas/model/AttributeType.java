package com.atlasco.atlas.model;

import java.util.Optional;

/**
 * A registered attribute.
 *
 * @param attributeId positive; unique in the whole installation and never used again
 * @param name 1 to 200 code points; unique in its tenant
 * @param filterable whether the pivot holds its values, so that operational filters and sorts may use it
 * @param hot whether the analytics store gives it a typed column of its own
 * @param unit the unit of its values, for people
 * @param description one sentence, for people
 */
public record AttributeType(
        int attributeId,
        String name,
        DataType dataType,
        boolean filterable,
        boolean hot,
        Optional<String> unit,
        Optional<String> description) {}
