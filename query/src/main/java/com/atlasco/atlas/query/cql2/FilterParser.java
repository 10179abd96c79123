package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.query.filter.Filter;
import java.util.function.Function;

/**
 * Reads CQL2 text and JSON and types it against a registry. Thread-safe.
 *
 * <p>All of CQL2 is read, in both forms. Functions on space and functions of one's own are refused by name and place; the
 * rest of the language makes a filter, of the simplest form that says the same: a property compared with a literal wherever
 * that is possible.
 *
 * <p>Beyond the standard, a boolean property is a condition by itself, BETWEEN takes text and timestamps, and a timestamp
 * may be written as plain text. {@code DATE('2026-01-31')} is the first instant of that day in UTC, so that
 * {@code updated_at <= DATE('2026-01-31')} ends at midnight. In a character literal a quote is doubled or follows a
 * backslash; backslashes right before a quote are halved, all others are ordinary.
 */
public final class FilterParser {

    /** The longest text, in UTF-16 units. */
    public static final int MAX_LENGTH = 65_536;

    /** The longest JSON, in UTF-16 units: it takes about four times the room. */
    public static final int MAX_JSON_LENGTH = 4 * MAX_LENGTH;

    /** The deepest nesting of parentheses, of NOTs in a row, and of operations in each other: a sum nests with each plus. */
    public static final int MAX_NESTING = 100;

    /** The most values of one IN. */
    public static final int MAX_IN_VALUES = 1_000;

    /** The most predicates of one filter: comparisons, IN, BETWEEN, LIKE, IS NULL, booleans. */
    public static final int MAX_PREDICATES = 500;

    private FilterParser() {}

    /**
     * Reads a filter in text.
     *
     * @return the filter with nested ANDs and ORs of one kind flattened, and the property of each comparison on its left
     * @throws AtlasException the only exception there is, with the position in the text and mostly a hint:
     *     {@code filter_syntax} when the text is not CQL2, {@code unknown_attribute} when a property is not registered,
     *     {@code filter_type} when a literal does not fit its property, {@code filter_unsupported} when it is CQL2 that
     *     is not served, {@code filter_too_large} beyond a limit
     */
    public static Filter parse(String text, Registry registry) {
        return parse(text, FilterLanguage.TEXT, registry);
    }

    /**
     * Reads a filter in either form, as {@link #parse(String, Registry)}.
     *
     * @throws AtlasException as there; for JSON with the pointer to the value as its place, too
     */
    public static Filter parse(String filter, FilterLanguage language, Registry registry) {
        return read(filter, language, new FilterBinder(registry)::bind);
    }

    /** Reads an expression and goes on with it; what is thrown on the way gets its place. */
    static <T> T read(String filter, FilterLanguage language, Function<Expression, T> then) {
        return switch (language) {
            case TEXT -> then.apply(SyntaxReader.read(SourceText.of(filter, MAX_LENGTH)));
            case JSON -> {
                JsonTree tree = JsonTree.read(SourceText.of(filter, MAX_JSON_LENGTH));
                try {
                    yield then.apply(JsonReader.read(tree));
                } catch (AtlasException refused) {
                    Problem problem = refused.problem();
                    throw problem.position()
                            .flatMap(position -> tree.pointer(position.offset()))
                            .map(problem::at)
                            .orElse(problem)
                            .asException(refused);
                }
            }
        };
    }
}
