package com.atlasco.atlas.query.cql2;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.AtlasException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is listed is evaluated, and what is evaluated is listed: of each class of the standard, a filter in each form. */
class ConformanceClassTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "basic-cql2|score = 5 AND NOT country <> 'US' OR cancelled = TRUE OR starts_at >= DATE('2026-01-31') OR score IS NULL",
                "advanced-comparison-operators|country LIKE 'U%' OR score BETWEEN 1 AND 2 OR country IN ('US', 'DE')",
                "case-insensitive-comparison|CASEI(country) = CASEI('us') OR CASEI(country) LIKE CASEI('u%')",
                "accent-insensitive-comparison|ACCENTI(country) = ACCENTI('us') OR ACCENTI(country) LIKE ACCENTI('u%')",
                "property-property|score < \"not\" AND starts_at = date",
                "arithmetic|score + 1 > 5 * \"not\" - 2 AND score div 2 = score % 3 ^ 2",
                "temporal-functions|T_AFTER(starts_at, DATE('2026-01-31')) AND T_INTERSECTS(starts_at, INTERVAL('2026-01-31', '..')) OR T_DURING(INTERVAL(starts_at, '2027-01-01'), INTERVAL('2026-01-31', '..'))",
                "array-functions|A_CONTAINS(tags, ('a')) AND A_OVERLAPS(tags, ('a', 'b'))",
                "basic-spatial-functions|S_INTERSECTS(tags, POINT(1 2))",
                "functions|avg(score) > 5"
            })
    void listsExactlyWhatIsEvaluated(String name, String filter) {
        List<String> listed = Arrays.stream(ConformanceClass.values())
                .map(ConformanceClass::uri)
                .toList();
        assertThat(listed).allMatch(uri -> uri.startsWith("http://www.opengis.net/spec/cql2/1.0/conf/"));
        for (FilterLanguage language : FilterLanguage.values()) {
            assertThat(isEvaluated(FilterTranslator.translate(filter, FilterLanguage.TEXT, language), language))
                    .as("%s as %s", name, language.wireName())
                    .isEqualTo(listed.stream().anyMatch(uri -> uri.endsWith("/" + name)));
        }
    }

    private static boolean isEvaluated(String filter, FilterLanguage language) {
        try {
            FilterParser.parse(filter, language, TestRegistry.REGISTRY);
            return true;
        } catch (AtlasException refused) {
            return false;
        }
    }
}
