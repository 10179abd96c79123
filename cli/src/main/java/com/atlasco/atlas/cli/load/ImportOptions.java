package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.text.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an import is to do.
 *
 * @param entityType for every entity; without it, each row says its own
 * @param idColumn the column of ids; without it, {@code entity_id} or {@code id} when they can be ids
 * @param format found by name or content when empty
 * @param inferRows how many rows the types are made out from; empty for the whole file, or for {@value #STREAM_ROWS}
 *     rows of an input that can be read only once
 * @param register whether attributes that are missing are registered; without it, columns without one are an error
 * @param dryRun checks everything and writes nothing
 * @param connections how many requests are under way at a time, from 1
 * @param maxErrors how many rows may be refused before the import stops
 * @param patience how long a server that is busy or away is waited for
 */
public record ImportOptions(
        Optional<String> entityType,
        Optional<String> idColumn,
        Optional<FileFormat> format,
        OptionalLong inferRows,
        boolean register,
        boolean dryRun,
        int connections,
        long maxErrors,
        Duration patience) {

    static final Duration PATIENCE = Duration.ofMinutes(2);
    static final long STREAM_ROWS = 10_000;

    /** Everything as the rows say. */
    public static ImportOptions defaults() {
        return new ImportOptions(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                false,
                false,
                2,
                Long.MAX_VALUE,
                PATIENCE);
    }

    /** Those that decide what becomes of a row, as on a command line; empty when none is given. */
    String ofRows() {
        List<String> given = new ArrayList<>();
        entityType.ifPresent(type -> given.addAll(List.of("--entity-type", type)));
        idColumn.ifPresent(column -> given.addAll(List.of("--id-column", column)));
        format.ifPresent(chosen -> given.addAll(List.of("--format", chosen.name())));
        inferRows.ifPresent(rows -> given.addAll(List.of("--infer-rows", Long.toString(rows))));
        return Shell.commandLine(given);
    }
}
