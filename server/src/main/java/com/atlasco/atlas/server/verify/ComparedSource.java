package com.atlasco.atlas.server.verify;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is compared with the documents on the primary. */
public enum ComparedSource {
    /** The typed rows on the primary itself. */
    PIVOT,
    /** The streaming replica. */
    REPLICA,
    /** The columnar store. */
    OLAP;

    /** The name on the wire: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The source of that wire name, or empty. */
    public static Optional<ComparedSource> ofWireName(String wireName) {
        return Arrays.stream(values())
                .filter(source -> source.wireName().equals(wireName))
                .findFirst();
    }
}
