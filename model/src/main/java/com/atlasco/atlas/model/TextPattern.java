package com.atlasco.atlas.model;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression in RE2's syntax, which has no backreferences and no lookaround, and takes time linear in the text
 * whatever the expression. It is searched for anywhere in the text, as in JSON Schema. Thread-safe.
 */
public final class TextPattern {

    /** The most code points of an expression. */
    public static final int MAX_LENGTH = 500;

    /** Text beyond so many code points is refused unseen: time is linear in the expression times the text. */
    public static final int MAX_TEXT_LENGTH = 10_000;

    /** The most instructions of a compiled expression: counted repetitions multiply. */
    static final int MAX_SIZE = 2_000;

    private final Pattern compiled;

    private TextPattern(Pattern compiled) {
        this.compiled = compiled;
    }

    /**
     * An expression.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static TextPattern of(String expression) {
        if (expression.isEmpty() || expression.codePointCount(0, expression.length()) > MAX_LENGTH) {
            throw new IllegalArgumentException("it has 1 to %d characters".formatted(MAX_LENGTH));
        }
        // Before it is compiled: a few nested counts are enough to fill the heap.
        if (PatternSize.of(expression) > MAX_SIZE) {
            throw tooLarge();
        }
        Pattern compiled;
        try {
            compiled = Pattern.compile(expression);
        } catch (PatternSyntaxException malformed) {
            throw new IllegalArgumentException(malformed.getDescription(), malformed);
        }
        if (compiled.programSize() > MAX_SIZE) {
            throw tooLarge();
        }
        return new TextPattern(compiled);
    }

    private static IllegalArgumentException tooLarge() {
        return new IllegalArgumentException("its repetitions come to more than %,d steps".formatted(MAX_SIZE));
    }

    public String expression() {
        return compiled.pattern();
    }

    /** Whether the expression is found in the text. */
    public boolean isFoundIn(String text) {
        return compiled.matcher(text).find();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextPattern pattern && pattern.expression().equals(expression());
    }

    @Override
    public int hashCode() {
        return expression().hashCode();
    }

    @Override
    public String toString() {
        return expression();
    }
}
