package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.query.filter.Filter;

/**
 * Reads CQL2 text and types it against a registry. Thread-safe.
 *
 * <p>All of CQL2 text is read. Functions on space and functions of one's own are refused by name and place; the rest of
 * the language makes a filter, of the simplest form that says the same: a property compared with a literal wherever that
 * is possible.
 *
 * <p>Beyond the standard, a boolean property is a condition by itself, BETWEEN takes text and timestamps, and a timestamp
 * may be written as plain text. {@code DATE('2026-01-31')} is the first instant of that day in UTC, so that
 * {@code updated_at <= DATE('2026-01-31')} ends at midnight. In a character literal a quote is doubled or follows a
 * backslash; backslashes right before a quote are halved, all others are ordinary.
 */
public final class FilterParser {

    /** The longest text, in UTF-16 units. */
    public static final int MAX_LENGTH = 65_536;

    /** The deepest nesting of parentheses and of NOTs in a row. */
    public static final int MAX_NESTING = 100;

    /** The most values of one IN. */
    public static final int MAX_IN_VALUES = 1_000;

    /** The most predicates of one filter: comparisons, IN, BETWEEN, LIKE, IS NULL, booleans. */
    public static final int MAX_PREDICATES = 500;

    private FilterParser() {}

    /**
     * Reads a filter.
     *
     * @return the filter with nested ANDs and ORs of one kind flattened, and the property of each comparison on its left
     * @throws AtlasException the only exception there is, with the position in the text and mostly a hint:
     *     {@code filter_syntax} when the text is not CQL2, {@code unknown_attribute} when a property is not registered,
     *     {@code filter_type} when a literal does not fit its property, {@code filter_unsupported} when it is CQL2 that
     *     is not served, {@code filter_too_large} beyond a limit
     */
    public static Filter parse(String text, Registry registry) {
        return new FilterBinder(registry).bind(SyntaxReader.read(SourceText.of(text)));
    }
}
