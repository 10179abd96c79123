package com.atlasco.atlas.postgres.statistics;

/** What statistics keep of text: its beginning, so that memory is bounded. */
final class TextKeys {

    /** In UTF-16 units. What differs only behind them counts as one value. */
    static final int LENGTH = 64;

    private TextKeys() {}

    static String cut(String text) {
        if (text.length() <= LENGTH) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(LENGTH - 1)) ? LENGTH - 1 : LENGTH);
    }
}
