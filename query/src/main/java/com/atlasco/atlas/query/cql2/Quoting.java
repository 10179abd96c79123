package com.atlasco.atlas.query.cql2;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Literals and names in and out of their quotes. */
final class Quoting {

    private static final int SHOWN = 60;
    private static final Pattern PLAIN_NAME = Pattern.compile("[:_A-Za-z][:_A-Za-z0-9.]*");
    private static final Set<String> RESERVED =
            Set.of("and", "between", "div", "false", "in", "is", "like", "not", "null", "or", "true");

    private Quoting() {}

    /** The text of a character literal: quotes are doubled or follow a backslash; backslashes before a quote halve. */
    static String unquoteText(String literal) {
        StringBuilder text = new StringBuilder(literal.length());
        int end = literal.length() - 1;
        int i = 1;
        while (i < end) {
            int run = i;
            while (literal.charAt(run) == '\\') {
                run++;
            }
            int backslashes = run - i;
            boolean quote = literal.charAt(run) == '\'';
            text.repeat('\\', quote ? backslashes / 2 : backslashes);
            i = run;
            if (!quote) {
                text.append(literal.charAt(i++));
            } else if (backslashes % 2 == 1) {
                text.append('\'');
                i++;
            } else if (i < end) {
                text.append('\'');
                i += 2;
            }
        }
        return text.toString();
    }

    /** The literal that {@link #unquoteText} turns into the text again. */
    static String quoteText(String text) {
        StringBuilder literal = new StringBuilder(text.length() + 2).append('\'');
        int backslashes = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit == '\'') {
                literal.repeat('\\', backslashes).append('\'');
            }
            literal.append(unit);
            backslashes = unit == '\\' ? backslashes + 1 : 0;
        }
        return literal.repeat('\\', backslashes).append('\'').toString();
    }

    static String unquoteName(String name) {
        return name.substring(1, name.length() - 1).replace("\"\"", "\"");
    }

    /** The name as a filter writes it: in double quotes unless it is plain and not a word of the language. */
    static String quoteName(String name) {
        boolean plain = PLAIN_NAME.matcher(name).matches() && !RESERVED.contains(name.toLowerCase(Locale.ROOT));
        return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** At most 60 characters of a text, never half of a surrogate pair. */
    static String abbreviate(String text) {
        return abbreviate(text, SHOWN);
    }

    static String abbreviate(String text, int shown) {
        if (text.length() <= shown) {
            return text;
        }
        int end = shown - 3;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "...";
    }
}
