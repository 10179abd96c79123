package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.DataType;
import java.util.Optional;

/** What somebody wants an attribute to be; the fields are those of {@link com.atlasco.atlas.model.AttributeType}. */
public record AttributeDefinition(
        String name,
        DataType dataType,
        boolean filterable,
        boolean hot,
        Optional<String> unit,
        Optional<String> description) {}
