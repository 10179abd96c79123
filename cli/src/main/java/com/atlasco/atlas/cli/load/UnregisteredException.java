package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.text.DisplayText;
import com.atlasco.atlas.model.DataType;
import java.util.Map;
import java.util.stream.Collectors;

/** A file has columns whose attributes are not registered, and nobody asked to register them. */
public final class UnregisteredException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** With the types that the columns' values would have, by column. */
    UnregisteredException(String file, Map<String, DataType> columns) {
        super("%d columns of %s are not registered as attributes: %s."
                .formatted(
                        columns.size(),
                        file,
                        columns.entrySet().stream()
                                .map(column -> DisplayText.oneLine(column.getKey()) + " "
                                        + column.getValue().wireName())
                                .collect(Collectors.joining(", "))));
    }
}
