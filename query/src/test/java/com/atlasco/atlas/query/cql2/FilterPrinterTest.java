package com.atlasco.atlas.query.cql2;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.query.filter.Filter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterPrinterTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 20260131, 77})
    void writesWhatTheParserReadsBack(long seed) {
        RandomFilters filters = new RandomFilters(new Random(seed));
        for (int i = 0; i < 1_000; i++) {
            Filter filter = filters.filter(4);
            String text = FilterPrinter.toText(filter);
            assertThat(FilterParser.parse(text, TestRegistry.REGISTRY))
                    .as("seed %d, filter %d: %s", seed, i, text)
                    .isEqualTo(filter);
        }
    }

    @Test
    void writesCanonicalText() {
        assertThat(canonical("5<score and(cancelled or not country like 'a%')and tags is not null"))
                .isEqualTo("score > 5 AND (cancelled = TRUE OR country NOT LIKE 'a%') AND tags IS NOT NULL");
        assertThat(canonical("\"not\" IN (1.0,2.50) OR date = DATE('2026-01-31')"))
                .isEqualTo("\"not\" IN (1, 2.5) OR date = TIMESTAMP('2026-01-31T00:00:00Z')");
        assertThat(canonical("NOT (NOT score = 1)")).isEqualTo("NOT (NOT (score = 1))");
        assertThat(canonical("country = 'it\\'s' AND score BETWEEN -1 AND 1e300"))
                .isEqualTo("country = 'it''s' AND score BETWEEN -1 AND 1.0E300");
    }

    private static String canonical(String text) {
        return FilterPrinter.toText(FilterParser.parse(text, TestRegistry.REGISTRY));
    }
}
