package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Constraints;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.PivotState;
import java.util.Optional;

/** What somebody wants an attribute to be; the fields are those of {@link AttributeType}. */
public record AttributeDefinition(
        String name,
        DataType dataType,
        boolean filterable,
        boolean hot,
        Optional<String> unit,
        Optional<String> description,
        Constraints constraints) {

    /** An attribute without constraints. */
    public AttributeDefinition(
            String name,
            DataType dataType,
            boolean filterable,
            boolean hot,
            Optional<String> unit,
            Optional<String> description) {
        this(name, dataType, filterable, hot, unit, description, Constraints.none());
    }

    /** What a registered attribute is defined as. */
    static AttributeDefinition of(AttributeType type) {
        return new AttributeDefinition(
                type.name(),
                type.dataType(),
                type.filterable(),
                type.hot(),
                type.unit(),
                type.description(),
                type.constraints());
    }

    AttributeType asType(int attributeId, PivotState pivotState, boolean retired) {
        return new AttributeType(
                attributeId, name, dataType, filterable, hot, unit, description, constraints, pivotState, retired);
    }
}
