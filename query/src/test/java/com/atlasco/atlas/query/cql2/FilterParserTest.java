package com.atlasco.atlas.query.cql2;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Filter.Operator;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.Property;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterParserTest {

    private static final Filter SCORE_ABOVE_5 = compare(TestRegistry.SCORE, Operator.GREATER, number(5));
    private static final Filter IN_US = compare(TestRegistry.COUNTRY, Operator.EQUAL, text("US"));
    private static final Filter CANCELLED = compare(TestRegistry.CANCELLED, Operator.EQUAL, new Value.BoolValue(true));

    @ParameterizedTest
    @CsvSource({
        "=,EQUAL",
        "<>,NOT_EQUAL",
        "<,LESS",
        "<=,LESS_OR_EQUAL",
        ">,GREATER",
        ">=,GREATER_OR_EQUAL",
        "'< >',NOT_EQUAL"
    })
    void readsEachOperator(String symbol, Operator operator) {
        assertThat(parse("score " + symbol + " 5")).isEqualTo(compare(TestRegistry.SCORE, operator, number(5)));
        assertThat(parse("score" + symbol + "5")).isEqualTo(compare(TestRegistry.SCORE, operator, number(5)));
    }

    @ParameterizedTest
    @CsvSource({"=,EQUAL", "<>,NOT_EQUAL", ">,LESS", ">=,LESS_OR_EQUAL", "<,GREATER", "<=,GREATER_OR_EQUAL"})
    void turnsALiteralOnTheLeftAround(String symbol, Operator operator) {
        assertThat(parse("5 " + symbol + " score")).isEqualTo(compare(TestRegistry.SCORE, operator, number(5)));
    }

    @ParameterizedTest
    @CsvSource({
        "5,5",
        "5.,5",
        ".5,0.5",
        "-5,-5",
        "+5,5",
        "--5,5",
        "1.5e3,1500",
        "1E-2,0.01",
        "-0,0",
        "(5),5",
        "5e-999999999999,0",
        "0.1,0.1"
    })
    void readsNumbers(String literal, double number) {
        assertThat(parse("score = " + literal)).isEqualTo(compare(TestRegistry.SCORE, Operator.EQUAL, number(number)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "'US',US",
                "'it''s',it's",
                "'it\\'s',it's",
                "'C:\\dir',C:\\dir",
                "'C:\\\\',C:\\",
                "'\\\\\\'',\\'",
                "'a\\\\b',a\\\\b",
                "'\\\\''',\\'",
                "'Straße😀',Straße😀"
            })
    void readsText(String literal, String text) {
        assertThat(parse("country = " + literal)).isEqualTo(compare(TestRegistry.COUNTRY, Operator.EQUAL, text(text)));
    }

    @Test
    void readsEmptyText() {
        assertThat(parse("country=''")).isEqualTo(compare(TestRegistry.COUNTRY, Operator.EQUAL, text("")));
        assertThat(parse("country=''''")).isEqualTo(compare(TestRegistry.COUNTRY, Operator.EQUAL, text("'")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "starts_at >= TIMESTAMP('2026-01-31T00:00:00Z')",
                "starts_at >= timestamp ( '2026-01-31T00:00:00.000000Z' )",
                "starts_at >= DATE('2026-01-31')",
                "starts_at >= '2026-01-31T01:00:00+01:00'",
                "starts_at >= '2026-01-31'",
                "DATE('2026-01-31') <= starts_at"
            })
    void readsInstantsInAllForms(String filter) {
        assertThat(parse(filter))
                .isEqualTo(compare(
                        TestRegistry.STARTS_AT,
                        Operator.GREATER_OR_EQUAL,
                        Value.TimestampValue.of(Instant.parse("2026-01-31T00:00:00Z"))));
    }

    @Test
    void takesABooleanPropertyAsACondition() {
        assertThat(parse("cancelled")).isEqualTo(CANCELLED);
        assertThat(parse("cancelled = TRUE")).isEqualTo(CANCELLED);
        assertThat(parse("true = (cancelled)")).isEqualTo(CANCELLED);
        assertThat(parse("NOT cancelled")).isEqualTo(new Filter.Not(CANCELLED));
        assertThat(parse("NOT NOT cancelled")).isEqualTo(new Filter.Not(new Filter.Not(CANCELLED)));
        assertThat(parse("score > 5 AND cancelled")).isEqualTo(new Filter.And(List.of(SCORE_ABOVE_5, CANCELLED)));
    }

    @Test
    void bindsNotOverAndOverOr() {
        assertThat(parse("cancelled OR NOT score > 5 AND country = 'US'"))
                .isEqualTo(new Filter.Or(
                        List.of(CANCELLED, new Filter.And(List.of(new Filter.Not(SCORE_ABOVE_5), IN_US)))));
        assertThat(parse("(cancelled OR score > 5) AND country = 'US'"))
                .isEqualTo(new Filter.And(List.of(new Filter.Or(List.of(CANCELLED, SCORE_ABOVE_5)), IN_US)));
    }

    @Test
    void flattensConnectivesOfOneKind() {
        Filter and = new Filter.And(List.of(CANCELLED, SCORE_ABOVE_5, IN_US));
        assertThat(parse("cancelled AND (score > 5 AND country = 'US')")).isEqualTo(and);
        assertThat(parse("((cancelled) and ((score > 5))) AND country = 'US'")).isEqualTo(and);
        assertThat(parse("cancelled OR (score > 5 OR (country = 'US' OR cancelled))"))
                .isEqualTo(new Filter.Or(List.of(CANCELLED, SCORE_ABOVE_5, IN_US, CANCELLED)));
    }

    @Test
    void readsInBetweenLikeAndIsNullWithTheirNegations() {
        Filter in = new Filter.In(property(TestRegistry.COUNTRY), List.of(text("US"), text("DE")));
        Filter between = new Filter.Between(property(TestRegistry.SCORE), number(-1), number(2.5));
        Filter like = new Filter.Like(property(TestRegistry.COUNTRY), LikePattern.parse("U\\_%_"));
        Filter isNull = new Filter.IsNull(property(TestRegistry.TAGS));
        assertThat(parse("country in ('US', 'DE')")).isEqualTo(in);
        assertThat(parse("country NOT IN ('US', 'DE')")).isEqualTo(new Filter.Not(in));
        assertThat(parse("score between -1 and 2.5")).isEqualTo(between);
        assertThat(parse("score NOT BETWEEN -1 AND 2.5")).isEqualTo(new Filter.Not(between));
        assertThat(parse("score BETWEEN -1 AND 2.5 AND cancelled"))
                .isEqualTo(new Filter.And(List.of(between, CANCELLED)));
        assertThat(parse("country like 'U\\_%_'")).isEqualTo(like);
        assertThat(parse("country NOT LIKE 'U\\_%_'")).isEqualTo(new Filter.Not(like));
        assertThat(parse("tags is null")).isEqualTo(isNull);
        assertThat(parse("tags IS NOT NULL")).isEqualTo(new Filter.Not(isNull));
        assertThat(parse("NOT tags IS NOT NULL")).isEqualTo(new Filter.Not(new Filter.Not(isNull)));
        assertThat(parse("country BETWEEN 'A' AND 'B'"))
                .isEqualTo(new Filter.Between(property(TestRegistry.COUNTRY), text("A"), text("B")));
    }

    @Test
    void readsConstants() {
        assertThat(parse("TRUE")).isEqualTo(Filter.ALL);
        assertThat(parse(" false\n")).isEqualTo(new Filter.Constant(false));
    }

    @Test
    void readsNamesPlainQuotedAndKeywords() {
        assertThat(parse("\"say \"\"hi\"\" 'x' \\ 😀\" = 'US'"))
                .isEqualTo(compare(TestRegistry.STRANGE, Operator.EQUAL, text("US")));
        assertThat(parse("\"not\" = 5")).isEqualTo(compare(TestRegistry.NOT, Operator.EQUAL, number(5)));
        assertThat(parse("date IS NULL")).isEqualTo(new Filter.IsNull(property(TestRegistry.DATE)));
        assertThat(parse("date = DATE('2026-01-31')"))
                .isEqualTo(compare(
                        TestRegistry.DATE,
                        Operator.EQUAL,
                        Value.TimestampValue.of(Instant.parse("2026-01-31T00:00:00Z"))));
        assertThat(parse("point = 'x'")).isEqualTo(compare(TestRegistry.POINT, Operator.EQUAL, text("x")));
        assertThat(parse("div > 5")).isEqualTo(compare(TestRegistry.DIV, Operator.GREATER, number(5)));
        assertThat(parse("eo:cloud.cover > 5"))
                .isEqualTo(compare(TestRegistry.CLOUD_COVER, Operator.GREATER, number(5)));
        assertThat(parse("Größe > 5")).isEqualTo(compare(TestRegistry.UNICODE, Operator.GREATER, number(5)));
    }

    @Test
    void readsIntrinsicProperties() {
        assertThat(parse("entity_id = 9007199254740994 AND version >= 2 AND entity_type = 'x'"))
                .isEqualTo(new Filter.And(List.of(
                        new Filter.Comparison(Property.Intrinsic.ENTITY_ID, Operator.EQUAL, number(9007199254740994d)),
                        new Filter.Comparison(Property.Intrinsic.VERSION, Operator.GREATER_OR_EQUAL, number(2)),
                        new Filter.Comparison(Property.Intrinsic.ENTITY_TYPE, Operator.EQUAL, text("x")))));
    }

    @Test
    void takesFiltersUpToTheLimits() {
        String values = IntStream.range(0, FilterParser.MAX_IN_VALUES)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
        assertThat(((Filter.In) parse("score IN (" + values + ")")).values()).hasSize(1000);
        String predicates = "score > 5" + " AND score > 5".repeat(FilterParser.MAX_PREDICATES - 1);
        assertThat(((Filter.And) parse(predicates)).operands()).hasSize(500);
        assertThat(parse("(".repeat(100) + "score > 5" + ")".repeat(100))).isEqualTo(SCORE_ABOVE_5);
        assertThat(parse("TRUE" + " ".repeat(FilterParser.MAX_LENGTH - 4))).isEqualTo(Filter.ALL);
    }

    private static Filter parse(String text) {
        return FilterParser.parse(text, TestRegistry.REGISTRY);
    }

    private static Filter compare(AttributeType type, Operator operator, Value value) {
        return new Filter.Comparison(property(type), operator, value);
    }

    private static Property property(AttributeType type) {
        return TestRegistry.property(type);
    }

    private static Value number(double number) {
        return new Value.NumberValue(number);
    }

    private static Value text(String text) {
        return new Value.TextValue(text);
    }
}
