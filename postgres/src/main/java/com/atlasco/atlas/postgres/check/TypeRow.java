package com.atlasco.atlas.postgres.check;

import com.atlasco.atlas.model.DataType;

/** What a tier holds of an attribute type, as far as tiers have to agree on it. */
public record TypeRow(int attributeId, String name, DataType dataType, boolean filterable, boolean hot) {}
