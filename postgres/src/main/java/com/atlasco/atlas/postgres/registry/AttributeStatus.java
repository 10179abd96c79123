package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AttributeType;
import java.util.Optional;

/**
 * An attribute and, while its pivot is filled or emptied, how far that has come.
 *
 * @param type as it is registered now
 */
public record AttributeStatus(AttributeType type, Optional<PivotProgress> progress) {}
