package com.atlasco.atlas.server.verify;

import java.util.Optional;

/**
 * What came of one source.
 *
 * @param entities that were compared
 * @param findings differences
 * @param repaired those of them that were mended
 * @param divergentRows rows that differ, whatever the number of differences in each
 * @param undecided rows that changed whenever they were looked at
 * @param notCompared why the source was not compared, or not to the end: what is said of it then is not all there is to say
 */
public record SourceResult(
        long entities,
        long findings,
        long repaired,
        long divergentRows,
        long undecided,
        Optional<String> notCompared) {}
