package com.atlasco.atlas.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Estimates how large a regular expression becomes when its counted repetitions are written out, without compiling it: a
 * few nested counts are enough to fill the heap.
 *
 * <p>Reads an expression as RE2 does. Whatever RE2 takes for a group or a count has to be one here; what it takes for a
 * literal (in a class, a quotation, an escape, a brace without a count) must not hide what follows. Expressions that RE2
 * refuses may come to any size.
 */
final class PatternSize {

    private static final Pattern COUNT = Pattern.compile("\\{(0|[1-9][0-9]*)(?:,(|0|[1-9][0-9]*))?}");

    /** These stand for nothing themselves: a count behind them belongs to what is before them. */
    private static final Pattern FLAGS = Pattern.compile("\\(\\?[imsU-]*\\)");

    private static final int MOST_DIGITS = 8;

    private final String expression;
    private final Deque<Long> outer = new ArrayDeque<>();
    private int at;
    /** Of the group that is being read. */
    private long sum;
    /** Of the part of it that a count would repeat. */
    private long last;

    private PatternSize(String expression) {
        this.expression = expression;
    }

    /** About the number of instructions, not more than a few times too small; at most some billions. */
    static long of(String expression) {
        return new PatternSize(expression).read();
    }

    private long read() {
        while (at < expression.length()) {
            switch (expression.charAt(at)) {
                case '(' -> open();
                case ')' -> close();
                case '{' -> count();
                case '[' -> characterClass();
                case '\\' -> escape();
                case '*', '+', '?' -> at++;
                default -> atom(1);
            }
        }
        while (!outer.isEmpty()) {
            sum = limited(sum + outer.pop());
        }
        return sum;
    }

    private void atom(int length) {
        at += length;
        last = 1;
        sum++;
    }

    private void open() {
        Matcher flags = FLAGS.matcher(expression).region(at, expression.length());
        if (flags.lookingAt()) {
            at = flags.end();
            return;
        }
        at++;
        outer.push(sum);
        sum = 0;
        last = 0;
    }

    private void close() {
        at++;
        if (!outer.isEmpty()) {
            last = limited(sum + 1);
            sum = limited(outer.pop() + last);
        }
    }

    private void count() {
        Matcher count = COUNT.matcher(expression).region(at, expression.length());
        if (!count.lookingAt()) {
            atom(1);
            return;
        }
        at = count.end();
        long times = Math.max(1, number(count.group(1)));
        if (count.group(2) != null) {
            times = Math.max(times, number(count.group(2)));
        }
        sum = limited(sum - last + last * times);
        last = limited(last * times);
    }

    private static long number(String digits) {
        // RE2 refuses longer ones, and all above 1,000.
        return digits.isEmpty() || digits.length() > MOST_DIGITS ? 1 : Long.parseLong(digits);
    }

    private static long limited(long size) {
        return Math.min(Integer.MAX_VALUE, size);
    }

    /** Outside a class. */
    private void escape() {
        if (!expression.startsWith("\\Q", at)) {
            atom(escapeLength());
            return;
        }
        int end = expression.indexOf("\\E", at + 2);
        int length = (end < 0 ? expression.length() : end) - at - 2;
        at = end < 0 ? expression.length() : end + 2;
        sum += length;
        last = length > 0 ? 1 : last;
    }

    /** Of an escape at this place, with the name of a Unicode class or the digits that belong to it. */
    private int escapeLength() {
        int length = Math.min(2, expression.length() - at);
        boolean braces = expression.startsWith("p{", at + 1)
                || expression.startsWith("P{", at + 1)
                || expression.startsWith("x{", at + 1);
        int end = braces ? expression.indexOf('}', at) : -1;
        return end < 0 ? length : end + 1 - at;
    }

    private void characterClass() {
        int begin = at;
        at++;
        if (expression.startsWith("^", at)) {
            at++;
        }
        boolean first = true;
        while (at < expression.length() && (first || expression.charAt(at) != ']')) {
            first = false;
            int named = expression.startsWith("[:", at) ? expression.indexOf(":]", at) : -1;
            if (named >= 0) {
                at = named + 2;
            } else {
                range();
            }
        }
        // Without its bracket it is refused.
        int end = Math.min(at + 1, expression.length());
        at = begin;
        atom(end - begin);
    }

    private void range() {
        boolean set = expression.charAt(at) == '\\'
                && at + 1 < expression.length()
                && "pPdDsSwW".indexOf(expression.charAt(at + 1)) >= 0;
        member();
        if (!set
                && expression.startsWith("-", at)
                && at + 1 < expression.length()
                && expression.charAt(at + 1) != ']') {
            at++;
            member();
        }
    }

    private void member() {
        at += expression.charAt(at) == '\\' ? escapeLength() : 1;
    }
}
