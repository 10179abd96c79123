package com.atlasco.atlas.query.filter;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What comparisons can be made blind to. Both foldings are those of Unicode 16, and every engine's is the same. */
public enum Folding {

    /** Full case folding, the C and F mappings of Unicode's CaseFolding.txt: {@code Straße} and {@code STRASSE} are one. */
    CASE("CASEI") {
        @Override
        public String apply(String text) {
            StringBuilder folded = new StringBuilder(text.length());
            text.codePoints().forEach(codePoint -> foldCase(codePoint, folded));
            return folded.toString();
        }
    },

    /**
     * Decomposed (NFD), without the combining marks of the blocks that serve all scripts ({@link #MARKS}), and composed
     * again (NFC). Vowel signs and points of single scripts, and the voicing of kana, remain: these are no accents.
     */
    ACCENTS("ACCENTI") {
        @Override
        public String apply(String text) {
            String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
            return Normalizer.normalize(MARK.matcher(decomposed).replaceAll(""), Normalizer.Form.NFC);
        }
    };

    /**
     * The blocks Combining Diacritical Marks, its Extended and Supplement, those for Symbols, and Combining Half Marks,
     * as ranges of a regular expression's class.
     */
    public static final String MARKS = "\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F";

    private static final Pattern MARK = Pattern.compile("[" + MARKS + "]+");

    private final String function;

    Folding(String function) {
        this.function = function;
    }

    /** The name of its function, in upper case. */
    public String function() {
        return function;
    }

    /** The folding of a function's name in upper case. */
    public static Optional<Folding> ofFunction(String function) {
        return Arrays.stream(values())
                .filter(folding -> folding.function.equals(function))
                .findFirst();
    }

    /** The text that stands for all that differ from it only in what is folded. */
    public abstract String apply(String text);

    /**
     * The lower case of the upper case is the folding, but for the Turkic letters, which the upper case would merge with
     * others, and for Cherokee, which folds to its upper case.
     */
    private static void foldCase(int codePoint, StringBuilder folded) {
        if (codePoint < 0x80) {
            folded.append((char) Character.toLowerCase(codePoint));
        } else if (codePoint == 'İ') {
            folded.append("i\u0307");
        } else if (codePoint == 'ı' || (codePoint >= 0x13A0 && codePoint <= 0x13F5)) {
            folded.appendCodePoint(codePoint);
        } else if (codePoint >= 0x13F8 && codePoint <= 0x13FD) {
            folded.appendCodePoint(codePoint - 8);
        } else if (codePoint >= 0xAB70 && codePoint <= 0xABBF) {
            folded.appendCodePoint(codePoint - 0xAB70 + 0x13A0);
        } else {
            Character.toString(Character.toLowerCase(codePoint))
                    .toUpperCase(Locale.ROOT)
                    .codePoints()
                    .map(Character::toLowerCase)
                    .forEach(folded::appendCodePoint);
        }
    }
}
