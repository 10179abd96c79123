package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.query.filter.Folding;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * {@link Folding} as SQL over a variable s. DuckDB's tables are of an older Unicode; its lower() knows no foldings to
 * several letters, and its strip_accents() also takes the vowel signs of many scripts. Texts that hold nothing of the
 * kind, nearly all, take DuckDB's own functions, others a way that is several times slower.
 */
final class DuckDbFolding {

    /** Letters of Unicode 16 whose lower case DuckDB 1.5 does not know. */
    private static final String UNKNOWN_LETTERS = "\u1C89\uA7CB\uA7CC\uA7DA\uA7DC"
            + IntStream.rangeClosed(0x10D50, 0x10D65)
                    .mapToObj(Character::toString)
                    .reduce("", String::concat);

    /** Letters with an accent that DuckDB 1.5 does not know, each before the letter without. */
    private static final List<String> UNKNOWN_ACCENTS = List.of(
            Character.toString(0x105C9),
            Character.toString(0x105D2),
            Character.toString(0x105E4),
            Character.toString(0x105DA));

    /** Marks that are for all scripts and that DuckDB 1.5 does not know for marks. */
    private static final String UNKNOWN_MARKS = "\u1ACF-\u1AFF\u20F1-\u20FF";

    private static final String CASE = caseFolding();
    private static final String ACCENTS = accentFolding();

    private DuckDbFolding() {}

    /** The text s, folded. The first call looks through all characters. */
    static String sql(Folding folding) {
        return switch (folding) {
            case CASE -> CASE;
            case ACCENTS -> ACCENTS;
        };
    }

    private static String caseFolding() {
        Map<Integer, String> foldings = new TreeMap<>();
        StringBuilder special = new StringBuilder("İ");
        for (int codePoint = 0x80; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint == 'İ' || Character.getType(codePoint) == Character.SURROGATE) {
                continue;
            }
            int lower = UNKNOWN_LETTERS.indexOf(codePoint) < 0 ? Character.toLowerCase(codePoint) : codePoint;
            String folded = Folding.CASE.apply(Character.toString(codePoint));
            if (!folded.equals(Character.toString(lower))) {
                foldings.put(lower, folded);
                special.appendCodePoint(codePoint);
            }
        }
        StringBuilder from = new StringBuilder();
        StringBuilder to = new StringBuilder();
        String sql = "lower(replace(s, 'İ', 'i\u0307'))";
        for (Map.Entry<Integer, String> folding : foldings.entrySet()) {
            if (folding.getValue().codePointCount(0, folding.getValue().length()) == 1) {
                from.appendCodePoint(folding.getKey());
                to.append(folding.getValue());
            }
        }
        sql = "translate(" + sql + ", '" + from + "', '" + to + "')";
        for (Map.Entry<Integer, String> folding : foldings.entrySet()) {
            if (folding.getValue().codePointCount(0, folding.getValue().length()) > 1) {
                sql = "replace(" + sql + ", '" + Character.toString(folding.getKey()) + "', '" + folding.getValue()
                        + "')";
            }
        }
        String characters = characterClass(codePoint -> special.indexOf(Character.toString(codePoint)) >= 0);
        return "CASE WHEN strlen(s) = length(s) OR NOT regexp_matches(s, '[" + characters + "]') THEN lower(s) ELSE "
                + sql + " END";
    }

    private static String accentFolding() {
        String kept = characterClass(DuckDbFolding::isWronglyStripped);
        String sql = "regexp_replace(s, '[" + Folding.MARKS + "]+', '', 'g')";
        for (int i = 0; i < UNKNOWN_ACCENTS.size(); i += 2) {
            sql = "replace(" + sql + ", '" + UNKNOWN_ACCENTS.get(i) + "', '" + UNKNOWN_ACCENTS.get(i + 1) + "')";
        }
        return "CASE WHEN strlen(s) = length(s) THEN s WHEN regexp_matches(s, '[" + kept + UNKNOWN_MARKS
                + UNKNOWN_ACCENTS.get(0) + UNKNOWN_ACCENTS.get(2)
                + "]') THEN nfc_normalize(array_to_string(list_transform(regexp_extract_all(" + sql + ", '[" + kept
                + "]+|[^" + kept + "]+'), lambda p: CASE WHEN regexp_matches(p, '[" + kept
                + "]') THEN p ELSE strip_accents(p) END), '')) ELSE strip_accents(s) END";
    }

    /** Whether strip_accents() changes more than {@link Folding#ACCENTS} does. */
    private static boolean isWronglyStripped(int codePoint) {
        String text = Character.toString(codePoint);
        int type = Character.getType(codePoint);
        boolean mark = isMark(type);
        if (type == Character.SURROGATE || (!mark && Normalizer.isNormalized(text, Normalizer.Form.NFD))) {
            return false;
        }
        String bare = Normalizer.normalize(text, Normalizer.Form.NFD)
                .codePoints()
                .filter(part -> !isMark(Character.getType(part)))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return !Folding.ACCENTS.apply(text).equals(Normalizer.normalize(bare, Normalizer.Form.NFC));
    }

    private static boolean isMark(int type) {
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    /** Ranges of characters beyond ASCII, for a class of a regular expression. */
    private static String characterClass(IntPredicate member) {
        List<int[]> ranges = new ArrayList<>();
        for (int codePoint = 0x80; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (Character.getType(codePoint) != Character.SURROGATE && member.test(codePoint)) {
                if (!ranges.isEmpty() && ranges.getLast()[1] == codePoint - 1) {
                    ranges.getLast()[1] = codePoint;
                } else {
                    ranges.add(new int[] {codePoint, codePoint});
                }
            }
        }
        StringBuilder text = new StringBuilder();
        ranges.forEach(range ->
                text.appendCodePoint(range[0]).append(range[0] == range[1] ? "" : "-" + Character.toString(range[1])));
        return text.toString();
    }
}
