package com.atlasco.atlas.query.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.cql2.FilterParser;
import com.atlasco.atlas.query.cql2.RandomFilters;
import com.atlasco.atlas.query.cql2.TestRegistry;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.LikePattern.Part;
import com.atlasco.atlas.query.filter.Property;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterInterpreterTest {

    private static final long SEED = 4711;
    private static final Entity ENTITY = entity(
            9_007_199_254_740_993L,
            Map.of(
                    TestRegistry.SCORE.attributeId(), new Value.NumberValue(5),
                    TestRegistry.COUNTRY.attributeId(), new Value.TextValue("a\uFFFD😀"),
                    TestRegistry.CANCELLED.attributeId(), new Value.BoolValue(true),
                    TestRegistry.STARTS_AT.attributeId(), new Value.TimestampValue(1_000_001)));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "score = 5 | true",
                "score <> 5 | false",
                "score < 5 | false",
                "score <= 5 | true",
                "score > 5 | false",
                "score >= 5 | true",
                "score > 4.999 | true",
                "score BETWEEN 5 AND 6 | true",
                "score BETWEEN 6 AND 5 | false",
                "score IN (1, 5.0) | true",
                "score NOT IN (1, 2) | true",
                "\"not\" = 5 |",
                "\"not\" <> 5 |",
                "NOT \"not\" = 5 |",
                "\"not\" IN (5) |",
                "\"not\" BETWEEN 1 AND 2 |",
                "point LIKE '%' |",
                "\"not\" IS NULL | true",
                "\"not\" IS NOT NULL | false",
                "score IS NULL | false",
                "entity_id IS NULL | false",
                "cancelled | true",
                "rainy |",
                "NOT rainy |",
                "rainy OR TRUE | true",
                "rainy AND FALSE | false",
                "rainy OR FALSE |",
                "rainy AND TRUE |",
                "FALSE OR rainy OR TRUE | true",
                "TRUE AND rainy AND FALSE | false",
                "TRUE | true",
                "starts_at > '1970-01-01T00:00:01Z' | true",
                "starts_at = '1970-01-01T00:00:01.000001Z' | true",
                "starts_at BETWEEN DATE('1970-01-01') AND DATE('1970-01-01') | false",
                "entity_type = 'thing' | true",
                "version = 3 | true",
                "updated_at = '2026-01-31T00:00:00Z' | true",
                // By code point U+FFFD comes before U+1F600, by UTF-16 units after it.
                "country < 'a😀' | true",
                "country > 'a\uFFFD' | true",
                "country LIKE 'a__' | true",
                "country LIKE 'a___' | false",
                "country LIKE 'A%' | false",
                "country LIKE '%😀' | true",
                "country LIKE '%a%' | true",
                "country LIKE '' | false",
                "entity_id = 9007199254740992 | false",
                "entity_id > 9007199254740992 | true",
                "entity_id < 9007199254740994 | true"
            })
    void evaluatesInThreeValuedLogic(String filter, Boolean truth) {
        Filter parsed = FilterParser.parse(filter, TestRegistry.REGISTRY);
        assertThat(FilterInterpreter.evaluate(parsed, ENTITY)).isEqualTo(Optional.ofNullable(truth));
        assertThat(FilterInterpreter.matches(parsed, ENTITY)).isEqualTo(Boolean.TRUE.equals(truth));
    }

    @Test
    void matchesPatternsAsARegularExpressionWould() {
        Random random = new Random(SEED);
        RandomFilters filters = new RandomFilters(random);
        int matches = 0;
        for (int i = 0; i < 20_000; i++) {
            LikePattern pattern = filters.pattern();
            String text = random.nextBoolean() ? filters.text() : filters.text() + filters.text();
            String regex = pattern.parts().stream()
                    .map(part -> switch (part) {
                        case Part.AnyRun() -> ".*";
                        case Part.AnyOne() -> ".";
                        case Part.Text(String literal) -> Pattern.quote(literal);
                    })
                    .collect(Collectors.joining());
            boolean expected =
                    Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
            Entity entity = entity(1, Map.of(TestRegistry.COUNTRY.attributeId(), new Value.TextValue(text)));
            Filter like = new Filter.Like(new Property.Attribute(TestRegistry.COUNTRY), pattern);
            assertThat(FilterInterpreter.matches(like, entity))
                    .as("seed %d, case %d: '%s' LIKE '%s'", SEED, i, text, pattern.toSql())
                    .isEqualTo(expected);
            matches += expected ? 1 : 0;
        }
        assertThat(matches).isGreaterThan(1_000);
    }

    @Test
    void keepsDeMorgansLaws() {
        Random random = new Random(SEED);
        RandomFilters filters = new RandomFilters(random);
        for (int i = 0; i < 2_000; i++) {
            Filter left = filters.filter(2);
            Filter right = filters.filter(2);
            Filter notAnd = new Filter.Not(new Filter.And(java.util.List.of(left, right)));
            Filter orNot = new Filter.Or(java.util.List.of(new Filter.Not(left), new Filter.Not(right)));
            assertThat(FilterInterpreter.evaluate(notAnd, ENTITY))
                    .as("seed %d, case %d", SEED, i)
                    .isEqualTo(FilterInterpreter.evaluate(orNot, ENTITY));
        }
    }

    private static Entity entity(long id, Map<Integer, Value> values) {
        return new Entity(id, "thing", 3, Document.of(values), Instant.parse("2026-01-31T00:00:00Z"));
    }
}
