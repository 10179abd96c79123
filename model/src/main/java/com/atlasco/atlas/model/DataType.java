package com.atlasco.atlas.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The type of an attribute's values. */
public enum DataType {
    /** An IEEE 754 double: never NaN, never infinite; integers are exact up to 2^53. */
    NUMBER,
    /** Unicode text without NUL; compared by code point. */
    TEXT,
    /** An instant in UTC with microseconds, years 0001 to 9999. */
    TS,
    BOOL,
    /** Any JSON value but null. */
    JSON;

    /** The name on the wire and in the registry: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of that wire name, or empty. */
    public static Optional<DataType> ofWireName(String wireName) {
        return Arrays.stream(values())
                .filter(type -> type.wireName().equals(wireName))
                .findFirst();
    }
}
