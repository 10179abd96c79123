package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.model.AttributeType;
import java.util.List;
import java.util.Optional;

/**
 * What an import came to.
 *
 * @param rows read, blank lines aside
 * @param idColumn where the ids came from, of flat rows
 * @param added the attributes that it registered, or would
 * @param tokens positions that together cover all that was written, as far as the server gave them
 */
public record ImportSummary(
        ImportTally.Figures figures,
        long rows,
        Optional<String> idColumn,
        List<AttributeType> added,
        double seconds,
        List<String> tokens) {}
