package com.atlasco.atlas.query;

import java.util.ArrayList;
import java.util.List;

/** Names between commas, as {@code sortby} and {@code properties} list them. */
public final class NameList {

    private NameList() {}

    /**
     * The parts between commas, without the blanks around them. Commas in double quotes do not separate, when the quotes
     * begin a part or follow its sign; they stay, for {@link #unquote}. Blank text has no part.
     */
    public static List<String> split(String text) {
        if (text.isBlank()) {
            return List.of();
        }
        List<String> parts = new ArrayList<>();
        int start = 0;
        boolean quoted = false;
        boolean fresh = true;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit == ',' && !quoted) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
                fresh = true;
            } else if (unit == '"' && (quoted || fresh)) {
                // A quote doubled inside closes and opens again.
                quoted = !quoted;
                fresh = true;
            } else if (!quoted && unit != '-' && unit != '+' && !Character.isWhitespace(unit)) {
                fresh = false;
            }
        }
        parts.add(text.substring(start).strip());
        return List.copyOf(parts);
    }

    /** The name in a pair of double quotes, in which a quote is doubled; or the name as it is, when it is in none. */
    public static String unquote(String name) {
        boolean quoted = name.length() >= 2 && name.startsWith("\"") && name.endsWith("\"");
        return quoted ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }
}
