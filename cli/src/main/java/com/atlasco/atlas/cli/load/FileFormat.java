package com.atlasco.atlas.cli.load;

import java.util.Locale;
import java.util.Optional;

/** How a file is laid out; named as on the command line. */
public enum FileFormat {
    csv,
    ndjson;

    /** By the ending of the name, an ending of compression aside. */
    static Optional<FileFormat> ofName(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz(ip)?$", "");
        if (plain.endsWith(".csv") || plain.endsWith(".tsv")) {
            return Optional.of(csv);
        }
        return plain.endsWith(".ndjson") || plain.endsWith(".jsonl") ? Optional.of(ndjson) : Optional.empty();
    }

    /** By the first character that is not white space. */
    static FileFormat ofFirstCharacter(int character) {
        return character == '{' ? ndjson : csv;
    }
}
