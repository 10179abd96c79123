package com.atlasco.atlas.model;

import java.util.Locale;
import java.util.regex.Pattern;

/** A position in PostgreSQL's write-ahead log: an unsigned 64-bit byte offset, written {@code 16/B374D848}. */
public record Lsn(long value) implements Comparable<Lsn> {

    public static final Lsn ZERO = new Lsn(0);

    private static final Pattern FORM = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");

    /**
     * Reads the form {@code XXXXXXXX/XXXXXXXX} in hexadecimal.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static Lsn parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("not an LSN: " + text);
        }
        int slash = text.indexOf('/');
        return new Lsn((Long.parseLong(text, 0, slash, 16) << 32) | Long.parseLong(text, slash + 1, text.length(), 16));
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    public boolean isAtLeast(Lsn other) {
        return compareTo(other) >= 0;
    }

    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase(Locale.ROOT)
                + "/"
                + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase(Locale.ROOT);
    }
}
