package com.atlasco.atlas.query.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A LIKE pattern taken apart: {@code %} matches any run of code points, {@code _} exactly one, and a backslash makes
 * the next character stand for itself. Matching is by code point and case-sensitive.
 */
public record LikePattern(List<Part> parts) {

    /** A piece of the pattern. */
    public sealed interface Part {
        /** Text that stands for itself; not empty; no two in a row. */
        record Text(String text) implements Part {}

        record AnyRun() implements Part {}

        record AnyOne() implements Part {}
    }

    public LikePattern {
        parts = List.copyOf(parts);
    }

    /**
     * Takes a pattern apart.
     *
     * @throws IllegalArgumentException when it ends in a single backslash
     */
    public static LikePattern parse(String pattern) {
        List<Part> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char unit = pattern.charAt(i);
            if (unit == '\\') {
                if (++i == pattern.length()) {
                    throw new IllegalArgumentException("a pattern cannot end in a single backslash");
                }
                text.append(pattern.charAt(i));
            } else if (unit == '%' || unit == '_') {
                if (!text.isEmpty()) {
                    parts.add(new Part.Text(text.toString()));
                    text.setLength(0);
                }
                parts.add(unit == '%' ? new Part.AnyRun() : new Part.AnyOne());
            } else {
                text.append(unit);
            }
        }
        if (!text.isEmpty()) {
            parts.add(new Part.Text(text.toString()));
        }
        return new LikePattern(parts);
    }

    /** The pattern that folded texts are to match: each run of literal text is folded by itself. */
    public LikePattern folded(Folding folding) {
        List<Part> folded = new ArrayList<>();
        for (Part part : parts) {
            if (!(part instanceof Part.Text(String text))) {
                folded.add(part);
            } else if (!folding.apply(text).isEmpty()) {
                folded.add(new Part.Text(folding.apply(text)));
            }
        }
        return new LikePattern(folded);
    }

    /** Whether the whole text matches. */
    public boolean matches(String text) {
        // reached[i] says whether the parts so far can match exactly the first i code points.
        int[] codePoints = text.codePoints().toArray();
        boolean[] reached = new boolean[codePoints.length + 1];
        reached[0] = true;
        for (Part part : parts) {
            boolean[] next = new boolean[reached.length];
            switch (part) {
                case Part.AnyRun() -> {
                    boolean any = false;
                    for (int i = 0; i < reached.length; i++) {
                        any |= reached[i];
                        next[i] = any;
                    }
                }
                case Part.AnyOne() -> System.arraycopy(reached, 0, next, 1, reached.length - 1);
                case Part.Text(String literal) -> {
                    int[] wanted = literal.codePoints().toArray();
                    for (int i = 0; i + wanted.length < reached.length; i++) {
                        next[i + wanted.length] =
                                reached[i] && Arrays.equals(codePoints, i, i + wanted.length, wanted, 0, wanted.length);
                    }
                }
            }
            reached = next;
        }
        return reached[codePoints.length];
    }

    /** The literal text that every match begins with; empty when the pattern begins with a wildcard. */
    public String prefix() {
        return !parts.isEmpty() && parts.getFirst() instanceof Part.Text(String text) ? text : "";
    }

    /** The pattern for an SQL LIKE whose escape character is the backslash. */
    public String toSql() {
        StringBuilder sql = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String text) ->
                    sql.append(text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"));
                case Part.AnyRun() -> sql.append('%');
                case Part.AnyOne() -> sql.append('_');
            }
        }
        return sql.toString();
    }
}
