package com.atlasco.atlas.model;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

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
        if (size(expression) > MAX_SIZE) {
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

    /** About how large the expression becomes when its counted repetitions are written out; too large rather than not. */
    private static long size(String expression) {
        Deque<Long> outer = new ArrayDeque<>();
        long sum = 0;
        long last = 0;
        for (int i = 0; i < expression.length(); i++) {
            char unit = expression.charAt(i);
            if (unit == '{') {
                int end = expression.indexOf('}', i);
                long count = end < 0 ? 1 : greatestNumber(expression.substring(i + 1, end));
                sum = Math.min(Integer.MAX_VALUE, sum - last + last * count);
                last = Math.min(Integer.MAX_VALUE, last * count);
                i = end < 0 ? i : end;
            } else if (unit == '(') {
                outer.push(sum);
                sum = 0;
                last = 0;
            } else if (unit == ')' && !outer.isEmpty()) {
                last = sum + 1;
                sum = outer.pop() + last;
            } else if (unit != '*' && unit != '+' && unit != '?') {
                i += unit == '\\' ? 1 : 0;
                last = 1;
                sum++;
            }
        }
        while (!outer.isEmpty()) {
            sum += outer.pop();
        }
        return sum;
    }

    private static long greatestNumber(String counts) {
        long greatest = 1;
        for (String count : counts.split(",", -1)) {
            if (!count.isEmpty() && count.length() <= 9 && count.chars().allMatch(unit -> unit >= '0' && unit <= '9')) {
                greatest = Math.max(greatest, Long.parseLong(count));
            }
        }
        return greatest;
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
