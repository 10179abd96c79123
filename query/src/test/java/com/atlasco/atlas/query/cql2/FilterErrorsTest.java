package com.atlasco.atlas.query.cql2;

import static com.atlasco.atlas.model.ErrorCode.FILTER_SYNTAX;
import static com.atlasco.atlas.model.ErrorCode.FILTER_TOO_LARGE;
import static com.atlasco.atlas.model.ErrorCode.FILTER_TYPE;
import static com.atlasco.atlas.model.ErrorCode.FILTER_UNSUPPORTED;
import static com.atlasco.atlas.model.ErrorCode.UNKNOWN_ATTRIBUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FilterErrorsTest {

    static Stream<Arguments> errors() {
        return Stream.of(
                error("", FILTER_SYNTAX, 0, "the filter is empty", "score > 5"),
                error("  \n ", FILTER_SYNTAX, 4, "the filter is empty", "score > 5"),
                error(
                        "score",
                        FILTER_SYNTAX,
                        0,
                        "expected a comparison such as = or < after the property 'score', which is of type number",
                        "score = 5"),
                error("tags", FILTER_SYNTAX, 0, "of type json", "tags IS NOT NULL"),
                error(
                        "5",
                        FILTER_SYNTAX,
                        1,
                        "expected a comparison such as = or < after the number 5, found end of filter",
                        "score > 5"),
                error(
                        "cancelled AND 'x' OR cancelled",
                        FILTER_SYNTAX,
                        18,
                        "expected a comparison such as = or < after the text 'x', found OR",
                        ""),
                error("score 5", FILTER_SYNTAX, 6, "expected a comparison such as = or <, found 5", ""),
                error(
                        "score =",
                        FILTER_SYNTAX,
                        7,
                        "expected a value such as 5, 'text' or TRUE, found end of filter",
                        ""),
                error(
                        "score = 5 AND",
                        FILTER_SYNTAX,
                        13,
                        "expected a condition such as score > 5, found end of filter",
                        ""),
                error(
                        "score = 5 cancelled",
                        FILTER_SYNTAX,
                        10,
                        "expected AND, OR or the end of the filter, found cancelled",
                        ""),
                error("(score = 5", FILTER_SYNTAX, 10, "expected AND, OR or ')', found end of filter", "Close"),
                error(
                        "score = 5)",
                        FILTER_SYNTAX,
                        9,
                        "expected AND, OR or the end of the filter, found )",
                        "No parenthesis is open"),
                error("score == 5", FILTER_SYNTAX, 6, "expected a comparison such as = or <, found ==", "single ="),
                error("score != 5", FILTER_SYNTAX, 6, "found !=", "<>"),
                error("score => 5", FILTER_SYNTAX, 6, "found =>", ">="),
                error("score =< 5", FILTER_SYNTAX, 6, "found =<", "<="),
                error("cancelled && rainy", FILTER_SYNTAX, 10, "found &&", "AND"),
                error("cancelled || rainy", FILTER_SYNTAX, 10, "found ||", "OR"),
                error("!cancelled", FILTER_SYNTAX, 0, "expected a condition such as score > 5, found !", "NOT"),
                error("country = 'US", FILTER_SYNTAX, 10, "text without a closing single quote", "twice"),
                error("country = “US”", FILTER_SYNTAX, 10, "found the character “", "single quotes"),
                error("country LIKE \"US%\"", FILTER_SYNTAX, 13, "expected", "single quotes"),
                error("country = NULL", FILTER_SYNTAX, 10, "found NULL", "IS NULL"),
                error(
                        "score BETWEEN 1 OR 2",
                        FILTER_SYNTAX,
                        16,
                        "expected AND and the upper end of BETWEEN, found OR",
                        ""),
                error(
                        "score BETWEEN 1, 2",
                        FILTER_SYNTAX,
                        15,
                        "expected AND and the upper end of BETWEEN, found ,",
                        ""),
                error(
                        "score BETWEEN 1 AND 5 7",
                        FILTER_SYNTAX,
                        22,
                        "expected AND, OR or the end of the filter, found 7",
                        ""),
                error("score IN (1 2)", FILTER_SYNTAX, 12, "expected ',' or ')', found 2", ""),
                error("score IN ()", FILTER_SYNTAX, 10, "expected a value", ""),
                error("score NOT 5", FILTER_SYNTAX, 10, "expected BETWEEN or IN or LIKE, found 5", ""),
                error("country LIKE 'a\\'", FILTER_SYNTAX, 13, "without a closing", ""),
                error("country LIKE 'a\\\\'", FILTER_SYNTAX, 13, "single backslash", "two"),
                error(
                        "(score > 5) = TRUE",
                        FILTER_SYNTAX,
                        1,
                        "expected a single value, such as 5, 'text' or a property, found a comparison with >",
                        ""),
                error("('a' + 1) = 2", FILTER_SYNTAX, 1, "expected a number, found the text 'a'", ""),
                error("starts_at > DATE('2026-02-30')", FILTER_SYNTAX, 17, "'2026-02-30' is not a date", "DATE("),
                error("starts_at > TIMESTAMP('2026-02-20')", FILTER_SYNTAX, 22, "is not a timestamp", "DATE("),
                error(
                        "T_AFTER(starts_at, INTERVAL('x', '..'))",
                        FILTER_SYNTAX,
                        28,
                        "'x' is not a date, a timestamp or '..'",
                        ""),
                error("country = 'a\0b'", FILTER_SYNTAX, 12, "NUL", ""),
                error("country = 'a\ud800b'", FILTER_SYNTAX, 12, "U+D800", ""),
                error("scroe > 5", UNKNOWN_ATTRIBUTE, 0, "there is no attribute 'scroe'", "Did you mean 'score'?"),
                error("cancelled AND versoin = 5", UNKNOWN_ATTRIBUTE, 14, "'versoin'", "Did you mean 'version'?"),
                error("Score > 5", UNKNOWN_ATTRIBUTE, 0, "'Score'", "Did you mean 'score'?"),
                error("zzzzzzzzzzz > 5", UNKNOWN_ATTRIBUTE, 0, "'zzzzzzzzzzz'", "GET /api/v1/attributes"),
                error("country = \"US\"", UNKNOWN_ATTRIBUTE, 10, "'US'", "single quotes: 'US'"),
                error("country = US", UNKNOWN_ATTRIBUTE, 10, "'US'", "single quotes: 'US'"),
                error("score = NaN", UNKNOWN_ATTRIBUTE, 8, "'NaN'", ""),
                error(
                        "score > 'x'",
                        FILTER_TYPE,
                        8,
                        "'score' is of type number and cannot be compared with the text 'x'",
                        "score = 5"),
                error("'x' > score", FILTER_TYPE, 0, "'score' is of type number", ""),
                error(
                        "country = 5",
                        FILTER_TYPE,
                        10,
                        "'country' is of type text and cannot be compared with the number 5",
                        "single quotes"),
                error("country IN ('a', 5)", FILTER_TYPE, 17, "the number 5", ""),
                error("score BETWEEN 1 AND TRUE", FILTER_TYPE, 20, "the boolean TRUE", ""),
                error("starts_at > 'yesterday'", FILTER_TYPE, 12, "'starts_at' is of type ts", "TIMESTAMP('"),
                error("starts_at > 5", FILTER_TYPE, 12, "the number 5", ""),
                error("score = DATE('2026-01-31')", FILTER_TYPE, 8, "the timestamp 2026-01-31T00:00:00Z", ""),
                error("cancelled = 'true'", FILTER_TYPE, 12, "'cancelled' is of type bool", "TRUE"),
                error("cancelled < TRUE", FILTER_TYPE, 0, "no order: < does not apply", "= or <>"),
                error("cancelled BETWEEN FALSE AND TRUE", FILTER_TYPE, 0, "no order: BETWEEN does not apply", ""),
                error("score LIKE 'x'", FILTER_TYPE, 0, "LIKE applies to type text", ""),
                error("tags = 'x'", FILTER_TYPE, 7, "'tags' is of type json", "tags IS NULL"),
                error("tags IN ('x')", FILTER_TYPE, 0, "json", ""),
                error("tags LIKE 'x'", FILTER_TYPE, 0, "json", ""),
                error("score = 1e309", FILTER_TYPE, 8, "outside the range", ""),
                error("score = -1e999999999999", FILTER_TYPE, 8, "outside the range", ""),
                error("entity_id = 1.5", FILTER_TYPE, 12, "whole number", ""),
                error("entity_id = 9007199254740993", FILTER_TYPE, 12, "exactly", ""),
                error("version > 1e-999999999999", FILTER_TYPE, 10, "exactly", ""),
                error("version > 1e30", FILTER_TYPE, 10, "exactly", ""),
                error("score > -not_there", UNKNOWN_ATTRIBUTE, 9, "'not_there'", ""),
                error(
                        "country + 1 > 5",
                        FILTER_TYPE,
                        0,
                        "'country' is of type text; arithmetic (+) applies to type number",
                        ""),
                error("score > -country", FILTER_TYPE, 9, "arithmetic (-) applies to type number", ""),
                error("score = country", FILTER_TYPE, 8, "cannot be compared with the property 'country'", "one type"),
                error("scroe + 1 > 5", UNKNOWN_ATTRIBUTE, 0, "'scroe'", "Did you mean 'score'?"),
                error("score + 1 > 'x'", FILTER_TYPE, 12, "cannot be compared with the text 'x'", ""),
                error("5 = 'x'", FILTER_TYPE, 4, "the number 5 is of type number", ""),
                error("cancelled < rainy", FILTER_TYPE, 0, "no order", ""),
                error("tags = tags", FILTER_TYPE, 0, "'tags' is of type json", ""),
                error("entity_id > 5 / 2", FILTER_TYPE, 14, "whole number", ""),
                error("CASEI(score) = 'x'", FILTER_TYPE, 6, "CASEI applies to type text", ""),
                error("CASEI(country) = 5", FILTER_TYPE, 17, "the number 5", ""),
                error("CASEI(country) LIKE 'x\\\\'", FILTER_SYNTAX, 20, "single backslash", ""),
                error("score + 1 LIKE 'x'", FILTER_TYPE, 6, "LIKE applies to type text", ""),
                error("S_INTERSECTS(g, POINT(1 2))", FILTER_UNSUPPORTED, 0, "the function S_INTERSECTS", ""),
                error("t_after(score, starts_at)", FILTER_TYPE, 8, "T_AFTER applies to type ts", "INTERVAL"),
                error(
                        "T_DURING(starts_at, INTERVAL('..', '..'))",
                        FILTER_TYPE,
                        9,
                        "applies to intervals",
                        "T_INTERSECTS"),
                error(
                        "T_AFTER(starts_at, INTERVAL('2026-02-01', '2026-01-01'))",
                        FILTER_TYPE,
                        19,
                        "ends before it starts",
                        ""),
                error("A_CONTAINS(country, ('a'))", FILTER_TYPE, 11, "A_CONTAINS applies to type json", ""),
                error("A_CONTAINS(tags, (score))", FILTER_TYPE, 18, "literals", ""),
                error("A_CONTAINS(tags, (DATE('2026-01-31')))", FILTER_TYPE, 18, "no instants", "text"),
                error("score = 1" + " + score".repeat(60), FILTER_TOO_LARGE, 74, "50 operations", ""),
                error(
                        "-score IN (" + "-score, ".repeat(300) + "1)",
                        FILTER_TOO_LARGE,
                        2003,
                        "500 operations of arithmetic",
                        ""),
                error(
                        "CASEI(country) = 'x'" + " OR CASEI(country) = 'x'".repeat(100),
                        FILTER_TOO_LARGE,
                        2400,
                        "100 foldings",
                        ""),
                error("avg(score) > 5", FILTER_UNSUPPORTED, 0, "the function avg", ""),
                error("POINT(1 2) IS NULL", FILTER_UNSUPPORTED, 0, "a geometry (POINT)", ""),
                error("INTERVAL('..', '..') IS NULL", FILTER_UNSUPPORTED, 0, "an interval", ""),
                error("TRUE" + " ".repeat(65_533), FILTER_TOO_LARGE, -1, "65,537", ""),
                error("(".repeat(101) + "TRUE" + ")".repeat(101), FILTER_TOO_LARGE, 100, "100 levels", ""),
                error("(".repeat(65_000), FILTER_TOO_LARGE, 100, "100 levels", ""),
                error("NOT ".repeat(101) + "TRUE", FILTER_TOO_LARGE, 400, "100 levels", ""),
                error("NOT NOT (".repeat(51), FILTER_TOO_LARGE, 450, "100 levels", ""),
                error("TRUE" + " AND TRUE".repeat(500), FILTER_TOO_LARGE, 4 + 9 * 499 + 5, "500 predicates", ""),
                error("score IN (1" + ",1".repeat(1000) + ")", FILTER_TOO_LARGE, 2010, "1,001 values", ""));
    }

    private static Arguments error(String filter, ErrorCode code, int offset, String detail, String hint) {
        return Arguments.of(filter, code, offset, detail, hint);
    }

    @ParameterizedTest(name = "[{index}] {1} at {2}: {3}")
    @MethodSource("errors")
    void saysWhatIsWrongWhereAndWhatToDo(String filter, ErrorCode code, int offset, String detail, String hint) {
        Problem problem = problem(filter);
        assertThat(problem.code()).as(problem.detail()).isEqualTo(code);
        assertThat(problem.detail()).contains(detail);
        assertThat(problem.hint().orElse("")).contains(hint);
        assertThat(problem.position().map(TextPosition::offset).orElse(-1))
                .as(problem.detail())
                .isEqualTo(offset);
    }

    @Test
    void countsLinesAndColumnsInUtf16Units() {
        assertThat(problem("country = '😀'\nAND '😀' = country AND\n  scroe > 5")
                        .position())
                .contains(new TextPosition(3, 3, 40));
        assertThat(problem("country = '😀' AND scroe > 5").position()).contains(new TextPosition(1, 20, 19));
    }

    @Test
    void needsLittleStackForTheDeepestNesting() throws InterruptedException {
        String deep = "(NOT ".repeat(50) + "scroe + " + "(".repeat(50) + "1" + ")".repeat(50) + " > 5" + ")".repeat(50);
        Throwable[] thrown = new Throwable[1];
        Thread small = new Thread(
                null,
                () -> thrown[0] = catchThrowableOfType(AtlasException.class, () -> parse(deep)),
                "small",
                512 * 1024);
        small.start();
        small.join();
        assertThat(thrown[0])
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        error -> assertThat(error.problem().code()).isEqualTo(UNKNOWN_ATTRIBUTE));
    }

    private static Problem problem(String filter) {
        return catchThrowableOfType(AtlasException.class, () -> parse(filter)).problem();
    }

    private static void parse(String filter) {
        FilterParser.parse(filter, TestRegistry.REGISTRY);
    }
}
