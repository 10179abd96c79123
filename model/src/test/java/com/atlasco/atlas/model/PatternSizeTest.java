package com.atlasco.atlas.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternSizeTest {

    /** Where one reads differently from RE2, a part of these hides another. */
    private static final String[] PIECES = {
        "(",
        "(",
        "(?:",
        ")",
        ")",
        "){4}",
        "){2,5}",
        "[",
        "]",
        "^",
        "-",
        "{",
        "}",
        "{3}",
        "{5}",
        "{2,}",
        "{,3}",
        "{03}",
        "a",
        "b",
        ",",
        "\\Q",
        "\\E",
        "\\",
        "\\d",
        "\\]",
        "\\[",
        "\\(",
        "\\p{L}",
        "\\pN",
        "\\x{2028}",
        "[:",
        ":]",
        "[:alpha:]",
        "(?s)",
        "(?-s:",
        "(?P<n>",
        "|",
        "*",
        "?",
        "[{]",
        "[(]",
        "[]{]",
        "[^](]",
        "[a-[:]"
    };

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "abc 3",
                "a{10} 10",
                "a{2,10}b 11",
                "(ab){10} 30",
                "((a{10}){10}){10} 1110",
                "a{ 2",
                "a{,3} 5",
                "[{3}]{4} 4",
                "[]{3}]{4} 4",
                "[^]{3}]{4} 4",
                "[[:alpha:]{3}]{4} 4",
                "[!-[:]{4}[:] 5",
                "[\\]{3}]{4} 4",
                "[\\d-]{4}] 5",
                "\\Qa{3}\\E{4} 7",
                "\\{3} 3",
                "\\p{Greek}{4} 4",
                "\\x{2028}{4} 4",
                "a{4}(?i){4} 16",
            })
    void countsAreReadWhereTheyAreCounts(String expression, long size) {
        assertThat(PatternSize.of(expression)).isEqualTo(size);
    }

    @Test
    void noExpressionIsMuchLargerThanEstimated() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int compiled = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder pieces = new StringBuilder();
            for (int j = random.nextInt(2, 14); j > 0; j--) {
                pieces.append(PIECES[random.nextInt(PIECES.length)]);
            }
            String expression = pieces.toString();
            int program;
            try {
                program = Pattern.compile(expression).programSize();
            } catch (PatternSyntaxException refused) {
                continue;
            }
            compiled++;
            assertThat(PatternSize.of(expression))
                    .as("%s, seed %d", expression, seed)
                    .isGreaterThanOrEqualTo((program - 4) / 4);
        }
        assertThat(compiled).as("seed %d", seed).isGreaterThan(1_000);
    }
}
