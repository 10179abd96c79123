package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;

/**
 * Writes filters of either form in either form, whether Atlas could answer them or not. What is read back from its
 * result is what was given: parentheses that change nothing, blanks, and an AND in an AND aside. Thread-safe.
 */
public final class FilterTranslator {

    private FilterTranslator() {}

    /**
     * Translates one filter.
     *
     * @return text in the canonical form with few parentheses, JSON on one line
     * @throws AtlasException {@code filter_syntax} or {@code filter_too_large}, with the position in the text, and for
     *     JSON the pointer to the value as its place
     */
    public static String translate(String filter, FilterLanguage from, FilterLanguage to) {
        Expression expression = FilterParser.read(filter, from, expressionRead -> expressionRead);
        return switch (to) {
            case TEXT -> TextWriter.write(expression);
            case JSON -> JsonWriter.write(expression);
        };
    }
}
