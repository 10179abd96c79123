package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Position;

/**
 * What became of a registration.
 *
 * @param type as it is registered now
 * @param created whether this call created it
 * @param position a source that contains it knows the attribute so
 */
public record RegistrationOutcome(AttributeType type, boolean created, Position position) {}
