package com.atlasco.atlas.model;

import java.util.Optional;

/**
 * A registered attribute.
 *
 * @param attributeId positive; unique in the whole installation and never used again
 * @param name 1 to 200 code points; unique in its tenant, retired attributes included
 * @param filterable whether the pivot is to hold its values, so that operational filters and sorts may use it
 * @param hot whether the analytics store gives it a typed column of its own
 * @param unit the unit of its values, for people
 * @param description one sentence, for people
 * @param constraints what its values have to be, beyond the type
 * @param pivotState how far the pivot has come
 * @param retired whether it is out of use: no value is written any more and no filter may name it; stored values can
 *     still be read with their entities
 */
public record AttributeType(
        int attributeId,
        String name,
        DataType dataType,
        boolean filterable,
        boolean hot,
        Optional<String> unit,
        Optional<String> description,
        Constraints constraints,
        PivotState pivotState,
        boolean retired) {

    /** A new attribute without constraints. */
    public AttributeType(
            int attributeId,
            String name,
            DataType dataType,
            boolean filterable,
            boolean hot,
            Optional<String> unit,
            Optional<String> description) {
        this(
                attributeId,
                name,
                dataType,
                filterable,
                hot,
                unit,
                description,
                Constraints.none(),
                PivotState.initial(filterable),
                false);
    }

    /** Whether its values are to be in the pivot. */
    public boolean wantedInPivot() {
        return filterable && !retired;
    }

    /** Whether the pivot holds all of its values, so that readers may use it. */
    public boolean indexed() {
        return pivotState == PivotState.READY;
    }
}
