package com.atlasco.atlas.query.cql2;

import static com.atlasco.atlas.model.ErrorCode.FILTER_SYNTAX;
import static com.atlasco.atlas.model.ErrorCode.FILTER_TOO_LARGE;
import static com.atlasco.atlas.model.ErrorCode.FILTER_TYPE;
import static com.atlasco.atlas.model.ErrorCode.UNKNOWN_ATTRIBUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;
import com.atlasco.atlas.query.filter.Filter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** CQL2 JSON, typed: in the examples a single quote stands for a double one. */
class JsonFilterTest {

    private static final long SEED = 20260302;
    private static final String ANYWHERE = "anywhere";

    static Stream<Arguments> errors() {
        return Stream.of(
                error(" ", FILTER_SYNTAX, ANYWHERE, "the filter is empty", "score > 5"),
                error("{'op':'='", FILTER_SYNTAX, ANYWHERE, "not valid JSON", "cql2-text"),
                error("score > 5", FILTER_SYNTAX, ANYWHERE, "not valid JSON", "cql2-text"),
                error("{'op':'=','op':'<'}", FILTER_SYNTAX, ANYWHERE, "Duplicate field 'op'", ""),
                error("true true", FILTER_SYNTAX, ANYWHERE, "expected the end of the filter", ""),
                error("5", FILTER_SYNTAX, "", "expected a condition, found the number 5", "'op'"),
                error("[]", FILTER_SYNTAX, "", "expected a condition, found an array", ""),
                error("null", FILTER_SYNTAX, "", "expected a value, found null", "isNull"),
                error("{}", FILTER_SYNTAX, "", "found an empty object", "'args'"),
                error("{'foo': 1}", FILTER_SYNTAX, "", "found an object with 'foo'", "'args'"),
                error("{'op':'='}", FILTER_SYNTAX, "", "expected the member 'args'", ""),
                error("{'op':5,'args':[]}", FILTER_SYNTAX, "/op", "expected text, found the number 5", ""),
                error("{'op':'=','args':{}}", FILTER_SYNTAX, "/args", "expected an array, found an object", ""),
                error("{'op':'=','args':[1,2],'arg':1}", FILTER_SYNTAX, "/arg", "the member 'arg'", ""),
                error(
                        "{'op':'=','args':[{'property':'score'}]}",
                        FILTER_SYNTAX,
                        "/op",
                        "2 arguments of '=', found 1",
                        ""),
                error("{'op':'and','args':[true]}", FILTER_SYNTAX, "/op", "at least 2 arguments", ""),
                error(
                        "{'op':'and','args':[true,'x']}",
                        FILTER_SYNTAX,
                        "/args/1",
                        "a condition, found the text 'x'",
                        ""),
                error("{'op':'AND','args':[true,true]}", FILTER_SYNTAX, "/op", "no operator 'AND'", "'and'"),
                error("{'op':'t_metby','args':[]}", FILTER_SYNTAX, "/op", "no operator 't_metby'", "'t_metBy'"),
                error("{'op':'==','args':[]}", FILTER_SYNTAX, "/op", "'==' is neither", "isNull"),
                error("{'op':'date','args':[]}", FILTER_SYNTAX, "/op", "'date' is neither", ""),
                error("{'op':'my f','args':[]}", FILTER_SYNTAX, "/op", "'my f' is neither", ""),
                error(
                        "{'op':'in','args':[{'property':'score'},[]]}",
                        FILTER_SYNTAX,
                        "/args/1",
                        "found an empty one",
                        ""),
                error(
                        "{'op':'in','args':[{'property':'score'},5]}",
                        FILTER_SYNTAX,
                        "/args/1",
                        "found the number 5",
                        ""),
                error(
                        "{'op':'like','args':[{'property':'country'},{'property':'country'}]}",
                        FILTER_SYNTAX,
                        "/args/1",
                        "expected a pattern in text, found the property 'country'",
                        ""),
                error("{'op':'=','args':[{'property':'score'},[1]]}", FILTER_SYNTAX, "/args/1", "a single value", ""),
                error(
                        "{'op':'=','args':[{'property':'score'},{'op':'+','args':['a',1]}]}",
                        FILTER_SYNTAX,
                        "/args/1/args/0",
                        "expected a number, found the text 'a'",
                        ""),
                error(
                        "{'op':'t_after','args':[{'property':'starts_at'},{'date':'2026-02-30'}]}",
                        FILTER_SYNTAX,
                        "/args/1/date",
                        "is not a date",
                        ""),
                error(
                        "{'op':'t_after','args':[{'property':'starts_at'},{'interval':['x','..']}]}",
                        FILTER_SYNTAX,
                        "/args/1/interval/0",
                        "is not a date, a timestamp or '..'",
                        ""),
                error(
                        "{'op':'t_after','args':[1,2]}",
                        FILTER_SYNTAX,
                        "/args/0",
                        "expected an instant or an interval",
                        ""),
                error(
                        "{'op':'s_within','args':[{'property':'g'},{'type':'Point','coordinates':[1]}]}",
                        FILTER_SYNTAX,
                        "/args/1/coordinates",
                        "two or three numbers, found 1",
                        ""),
                error(
                        "{'op':'s_within','args':[{'property':'g'},{'type':'Circle','coordinates':[1]}]}",
                        FILTER_SYNTAX,
                        "/args/1/type",
                        "found the text 'Circle'",
                        ""),
                error(
                        "{'op':'s_within','args':[{'property':'g'},{'bbox':[1,2,3]}]}",
                        FILTER_SYNTAX,
                        "/args/1/bbox",
                        "found 3",
                        ""),
                error("{'op':'=','args':[{'property':'country'},'a\\u0000']}", FILTER_SYNTAX, ANYWHERE, "NUL", ""),
                error("{'op':'=','args':[{'property':'country'},'\\ud800']}", FILTER_SYNTAX, ANYWHERE, "surrogate", ""),
                error(
                        "{'op':'=','args':[{'property':'scroe'},5]}",
                        UNKNOWN_ATTRIBUTE,
                        "/args/0/property",
                        "there is no attribute 'scroe'",
                        "Did you mean 'score'?"),
                error(
                        "{'op':'and','args':[{'property':'cancelled'},{'op':'>','args':[{'property':'score'},'x']}]}",
                        FILTER_TYPE,
                        "/args/1/args/1",
                        "'score' is of type number",
                        ""),
                error("[".repeat(600), FILTER_TOO_LARGE, ANYWHERE, "nested too deeply", ""),
                error(nested(101), FILTER_TOO_LARGE, "/args/0".repeat(100), "100 levels", ""),
                error("{'op':'not','args':[".repeat(60_000 / 20), FILTER_TOO_LARGE, ANYWHERE, "nested too deeply", ""),
                error("true" + " ".repeat(262_141), FILTER_TOO_LARGE, ANYWHERE, "262,145", ""),
                error(
                        "{'op':'or','args':[true" + ",true".repeat(500) + "]}",
                        FILTER_TOO_LARGE,
                        "/args/500",
                        "500 predicates",
                        ""),
                error(
                        "{'op':'in','args':[{'property':'score'},[1" + ",1".repeat(1000) + "]]}",
                        FILTER_TOO_LARGE,
                        "/args/1/1000",
                        "1,001 values",
                        ""));
    }

    private static String nested(int levels) {
        return "{'op':'not','args':[".repeat(levels) + "{'op':'=','args':[{'property':'score'},5]}"
                + "]}".repeat(levels);
    }

    private static Arguments error(String filter, ErrorCode code, String pointer, String detail, String hint) {
        return Arguments.of(filter, code, pointer, detail, hint);
    }

    @ParameterizedTest(name = "[{index}] {1} at {2}: {3}")
    @MethodSource("errors")
    void saysWhatIsWrongAndWhere(String filter, ErrorCode code, String pointer, String detail, String hint) {
        Problem problem =
                catchThrowableOfType(AtlasException.class, () -> parse(filter)).problem();
        assertThat(problem.code()).as(problem.detail()).isEqualTo(code);
        assertThat(problem.detail().replace('"', '\'')).contains(detail);
        assertThat(problem.hint().orElse("").replace('"', '\'')).contains(hint);
        if (!pointer.equals(ANYWHERE)) {
            assertThat(problem.place()).contains(pointer);
        }
    }

    @Test
    void placesAnErrorInTheLinesOfTheJson() {
        Problem problem = catchThrowableOfType(
                        AtlasException.class,
                        () -> parse("{\n  'op': '=',\n  'args': [{'property': 'Straße😀'}, 5]\n}"))
                .problem();
        assertThat(problem.position()).contains(new TextPosition(3, 25, 39));
    }

    @Test
    void meansTheSameAsText() {
        Random random = new Random(SEED);
        RandomFilters filters = new RandomFilters(random);
        for (int i = 0; i < 1_000; i++) {
            String text = FilterPrinter.toText(filters.filter(3));
            Filter typed = FilterParser.parse(text, TestRegistry.REGISTRY);
            String json = FilterTranslator.translate(text, FilterLanguage.TEXT, FilterLanguage.JSON);
            assertThat(FilterParser.parse(json, FilterLanguage.JSON, TestRegistry.REGISTRY))
                    .as("seed %d: %s", SEED, json)
                    .isEqualTo(typed);
        }
    }

    @Test
    void readsTheDeepestNestingOnALittleStack() throws InterruptedException {
        Filter[] read = new Filter[1];
        Thread small = new Thread(null, () -> read[0] = parse(nested(100)), "small", 512 * 1024);
        small.start();
        small.join();
        assertThat(read[0]).isInstanceOf(Filter.Not.class);
    }

    /** Whatever the JSON, there is a filter or an error with a place. */
    @Test
    void survivesMutatedExamples() throws IOException, URISyntaxException {
        Random random = new Random(SEED);
        List<String> examples = new ArrayList<>();
        for (Path example : StandardExamplesTest.examples()) {
            String name = example.getFileName().toString().replace(".txt", ".json");
            examples.add(Files.readString(example.resolveSibling(name)).replaceAll("\\s+", " "));
        }
        String[] pieces = {
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            "\"",
            "null",
            "true",
            "-1",
            "1e5",
            "\"op\"",
            "\"args\": ",
            "\"and\"",
            "\"in\"",
            "\"casei\"",
            "{\"property\": \"score\"}",
            "{\"date\": \"2026-01-31\"}",
            "\"type\"",
            "\"Polygon\"",
            "\\",
            "\u00e9"
        };
        int read = 0;
        for (int i = 0; i < 15_000; i++) {
            StringBuilder text = new StringBuilder(examples.get(random.nextInt(examples.size())));
            for (int edits = 1 + random.nextInt(2); edits > 0 && !text.isEmpty(); edits--) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(6));
                text.replace(at, random.nextBoolean() ? at : end, pieces[random.nextInt(pieces.length)]);
            }
            read += survives(text.toString(), i) ? 1 : 0;
        }
        assertThat(read).as("mutants that stayed filters").isGreaterThan(200);
    }

    private static boolean survives(String json, int index) {
        try {
            String text = FilterTranslator.translate(json, FilterLanguage.JSON, FilterLanguage.TEXT);
            String back = FilterTranslator.translate(text, FilterLanguage.TEXT, FilterLanguage.JSON);
            assertThat(FilterTranslator.translate(back, FilterLanguage.JSON, FilterLanguage.TEXT))
                    .as("seed %d, input %d: %s", SEED, index, json)
                    .isEqualTo(text);
            return true;
        } catch (AtlasException refused) {
            assertThat(refused.problem().position())
                    .as("seed %d, input %d: %s: %s", SEED, index, json, refused.problem())
                    .hasValueSatisfying(
                            position -> assertThat(position.offset()).isBetween(0, json.length()));
            return false;
        } catch (RuntimeException | StackOverflowError broken) {
            return fail("seed %d, input %d: %s".formatted(SEED, index, json), broken);
        }
    }

    private static Filter parse(String filter) {
        return FilterParser.parse(filter.replace('\'', '"'), FilterLanguage.JSON, TestRegistry.REGISTRY);
    }
}
