package com.atlasco.atlas.query.cql2;

import static com.atlasco.atlas.query.cql2.FilterLanguage.JSON;
import static com.atlasco.atlas.query.cql2.FilterLanguage.TEXT;
import static com.atlasco.atlas.query.cql2.FilterTranslator.translate;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FilterTranslatorTest {

    private static final long SEED = Long.getLong("atlas.seed", 20260301L);
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    static List<Path> examples() throws IOException, URISyntaxException {
        return StandardExamplesTest.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void bothFormsOfAnExampleOfTheStandardSayTheSame(Path example) throws IOException {
        String text = Files.readString(example);
        String json = json(example);
        assertSameJson(translate(text, TEXT, JSON), json);
        assertSameJson(translate(translate(json, JSON, TEXT), TEXT, JSON), json);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void translatingAnExampleToAndFroIsStable(Path example) throws IOException {
        String text = translate(Files.readString(example), TEXT, TEXT);
        String json = translate(json(example), JSON, JSON);
        assertThat(translate(text, TEXT, TEXT)).isEqualTo(text);
        assertThat(translate(translate(text, TEXT, JSON), JSON, TEXT)).isEqualTo(text);
        assertThat(translate(json, JSON, JSON)).isEqualTo(json);
        assertThat(translate(translate(json, JSON, TEXT), TEXT, JSON)).isEqualTo(json);
    }

    /** The JSON of a tree tells all of it but the places. */
    @Test
    void readsBackEveryTreeInBothForms() {
        RandomExpressions expressions = new RandomExpressions(new Random(SEED));
        for (int i = 0; i < 20_000; i++) {
            Expression expression = expressions.condition(i % 6);
            String json = JsonWriter.write(expression);
            String text = TextWriter.write(expression);
            String context = "seed %d, tree %d: %s%n%s".formatted(SEED, i, text, json);
            assertThat(translate(text, TEXT, JSON)).as(context).isEqualTo(json);
            assertThat(translate(text, TEXT, TEXT)).as(context).isEqualTo(text);
            assertThat(translate(json, JSON, TEXT)).as(context).isEqualTo(text);
            assertThat(translate(json, JSON, JSON)).as(context).isEqualTo(json);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "((a = 1) and (b = 2)) or (c = 3)|a = 1 AND b = 2 OR c = 3",
                "(a = 1 or b = 2) and c = 3|(a = 1 OR b = 2) AND c = 3",
                "a and (b and (c or d or (e or f)))|a AND b AND (c OR d OR e OR f)",
                "not (not (a = 1))|NOT (NOT a = 1)",
                "not not not a|NOT (NOT (NOT a))",
                "not (a = 1 and b)|NOT (a = 1 AND b)",
                "not a is null|a IS NOT NULL",
                "not (a not in (1, 2))|NOT (a NOT IN (1, 2))",
                "(a or b) is not null|(a OR b) IS NOT NULL",
                "a = ((1 + 2) + (3 + 4)) * 5|a = (1 + 2 + (3 + 4)) * 5",
                "a = 1 - (2 - 3) - 4|a = 1 - (2 - 3) - 4",
                "a = 2 * (3 div 4)|a = 2 * (3 div 4)",
                "a = (2 ^ 3) ^ -4|a = (2 ^ 3) ^ -4",
                "a = -b ^ 2|a = (-b) ^ 2",
                "a = -1 * b|a = -b",
                "a = -(b + 1) - -5|a = -(b + 1) - -5",
                "a = -(5)|a = -5",
                "a = +.5e+3|a = 0.5e+3",
                "a = 007.|a = 7",
                "\"a\" = 1 and \"or\" = 2 and \"x y\" = 3|a = 1 AND \"or\" = 2 AND \"x y\" = 3",
                "a = 'it''s' or a = 'it\\'s'|a = 'it''s' OR a = 'it''s'",
                "a < > 1|a <> 1",
                "a > timestamp('2026-01-31T01:00:00.50+01:00')|a > TIMESTAMP('2026-01-31T00:00:00.500Z')",
                "t_after(a, interval(date('2026-01-31'), '..'))|T_AFTER(a, INTERVAL('2026-01-31', '..'))",
                "a_equals(a, ((1), 'x', ()))|A_EQUALS(a, ((1), 'x', ()))",
                "f((1), (1 + 2) * 3, (a or b))|f((1), (1 + 2) * 3, (a OR b))",
                "s_within(g, point z(1 2 +3.))|S_WITHIN(g, POINT Z(1 2 3))",
                "s_within(g, multipoint((1 2), (3 4)))|S_WITHIN(g, MULTIPOINT((1 2), (3 4)))",
                "s_within(g, polygon(empty))|S_WITHIN(g, POLYGON(EMPTY))",
            })
    void writesTextWithFewParentheses(String given, String canonical) {
        assertThat(translate(given, TEXT, TEXT)).isEqualTo(canonical);
        assertThat(translate(translate(given, TEXT, JSON), JSON, TEXT)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a = -b|{'op':'=','args':[{'property':'a'},{'op':'*','args':[-1,{'property':'b'}]}]}",
                "NOT TRUE|{'op':'not','args':[true]}",
                "T_METBY(a, INTERVAL('..', b))|{'op':'t_metBy','args':[{'property':'a'},{'interval':['..',{'property':'b'}]}]}",
                "a = 1 div 2|{'op':'=','args':[{'property':'a'},{'op':'div','args':[1,2]}]}",
                "f()|{'op':'f','args':[]}",
                "S_WITHIN(g, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(1 2, 3 4)))|{'op':'s_within','args':[{'property':'g'},"
                        + "{'type':'GeometryCollection','geometries':[{'type':'Point','coordinates':[1,2]},"
                        + "{'type':'LineString','coordinates':[[1,2],[3,4]]}]}]}",
            })
    void writesJsonAsTheSchemaHasIt(String text, String json) {
        assertThat(translate(text, TEXT, JSON)).isEqualTo(json.replace('\'', '"'));
    }

    @Test
    void writesWhatIsNestedAsDeeplyAsItMayBe() {
        int most = FilterParser.MAX_NESTING;
        for (String text : List.of(
                "NOT (".repeat(most) + "a" + ")".repeat(most),
                "a = 1" + " + 1".repeat(most),
                "f(".repeat(most) + "a" + ")".repeat(most),
                "a = " + "(1 - ".repeat(most - 1) + "1 - 1" + ")".repeat(most - 1),
                "A_EQUALS(a, " + "(".repeat(most - 1) + ")".repeat(most))) {
            String json = translate(text, TEXT, JSON);
            assertThat(translate(translate(json, JSON, TEXT), TEXT, JSON)).isEqualTo(json);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"op\": \"f\", \"args\": []}|JSON",
                " true |JSON",
                "[1]|JSON",
                "null|JSON",
                "TRUE|TEXT",
                "true = a|TEXT",
                "score > 5|TEXT",
                "\"score\" > 5|TEXT",
                "(a)|TEXT"
            })
    void tellsTheFormsApart(String filter, FilterLanguage language) {
        assertThat(FilterLanguage.detect(filter)).isEqualTo(language);
    }

    private static String json(Path example) throws IOException {
        String name = example.getFileName().toString();
        return Files.readString(example.resolveSibling(name.replace(".txt", ".json")));
    }

    /** 10 and 10.0 are the same number in JSON. */
    private static void assertSameJson(String actual, String expected) throws IOException {
        Comparator<JsonNode> byValue = (left, right) -> left instanceof NumericNode && right instanceof NumericNode
                ? left.decimalValue().compareTo(right.decimalValue())
                : left.equals(right) ? 0 : 1;
        assertThat(MAPPER.readTree(actual).equals(byValue, MAPPER.readTree(expected)))
                .as("%s%nwas to be %s", actual, expected)
                .isTrue();
    }
}
