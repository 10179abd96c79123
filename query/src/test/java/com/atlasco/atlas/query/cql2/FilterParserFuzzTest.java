package com.atlasco.atlas.query.cql2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.query.filter.Filter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever the text, there is a filter that prints and reads back, or an error with a place in the text. */
class FilterParserFuzzTest {

    private static final long SEED = 20260131;
    private static final Set<ErrorCode> CODES = Set.of(
            ErrorCode.FILTER_SYNTAX,
            ErrorCode.FILTER_TYPE,
            ErrorCode.FILTER_UNSUPPORTED,
            ErrorCode.FILTER_TOO_LARGE,
            ErrorCode.UNKNOWN_ATTRIBUTE);
    private static final String[] TOKENS = {
        "AND",
        "OR",
        "NOT",
        "not",
        "LIKE",
        "IN",
        "BETWEEN",
        "IS",
        "NULL",
        "TRUE",
        "false",
        "(",
        ")",
        "(",
        ")",
        ",",
        "=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "div",
        "^",
        "score",
        "country",
        "cancelled",
        "starts_at",
        "tags",
        "entity_id",
        "\"not\"",
        "date",
        "point",
        "z",
        "empty",
        "nope",
        "5",
        "-1.5e3",
        ".5",
        "1e999",
        "'US'",
        "''",
        "'a''b'",
        "'\\'",
        "'2026-01-31'",
        "DATE('2026-01-31')",
        "DATE",
        "TIMESTAMP('2026-01-31T00:00:00Z')",
        "INTERVAL",
        "('..', '2026-01-31')",
        "CASEI",
        "ACCENTI",
        "S_INTERSECTS",
        "T_AFTER",
        "A_EQUALS",
        "avg",
        "POINT(1 2)",
        "POINT Z",
        "POLYGON((",
        "BBOX(1,2,3,4)",
        "==",
        "!=",
        "&&",
        "||",
        "!",
        "'",
        "\"",
        "`",
        "“",
        "é",
        "😀",
        "\ud800",
        "\0",
        "\n"
    };

    @Test
    void survivesTokenSoups() {
        Random random = new Random(SEED);
        for (int i = 0; i < 15_000; i++) {
            String separator = random.nextInt(4) == 0 ? "" : " ";
            check(
                    Stream.generate(() -> TOKENS[random.nextInt(TOKENS.length)])
                            .limit(1 + random.nextInt(14))
                            .collect(Collectors.joining(separator)),
                    i);
        }
    }

    @Test
    void survivesMutatedExamplesAndFilters() throws IOException, URISyntaxException {
        Random random = new Random(SEED);
        RandomFilters filters = new RandomFilters(random);
        List<String> texts = new ArrayList<>();
        for (Path example : StandardExamplesTest.examples()) {
            texts.add(Files.readString(example));
        }
        for (int i = 0; i < 100; i++) {
            texts.add(FilterPrinter.toText(filters.filter(3)));
        }
        int filtersRead = 0;
        for (int i = 0; i < 15_000; i++) {
            StringBuilder text = new StringBuilder(texts.get(random.nextInt(texts.size())));
            for (int edits = 1 + random.nextInt(3); edits > 0 && !text.isEmpty(); edits--) {
                mutate(text, random);
            }
            filtersRead += check(text.toString(), i).isPresent() ? 1 : 0;
        }
        assertThat(filtersRead).as("texts that stayed filters").isGreaterThan(200);
    }

    @Test
    void survivesLongRepetitions() {
        Random random = new Random(SEED);
        for (int i = 0; i < TOKENS.length; i++) {
            String unit = TOKENS[i] + " " + (random.nextBoolean() ? TOKENS[random.nextInt(TOKENS.length)] + " " : "");
            check("score = 1 " + unit.repeat(10_000 / unit.length()), i);
            check(unit.repeat(10_000 / unit.length()), i);
        }
        check("score = 1" + " + 1".repeat(16_000), 0);
        check("x AND ".repeat(10_000), 1);
        check("\\".repeat(65_000), 2);
        check("score = " + "9".repeat(65_000), 3);
        check("entity_id = 1" + "0".repeat(60_000) + "e-60000", 4);
    }

    private static void mutate(StringBuilder text, Random random) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(5)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.insert(at, TOKENS[random.nextInt(TOKENS.length)]);
            case 2 -> text.setCharAt(at, (char) random.nextInt(1, 0x10000));
            case 3 -> text.setLength(at);
            default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(20))));
        }
    }

    private static Optional<Filter> check(String text, int index) {
        try {
            Filter filter = FilterParser.parse(text, TestRegistry.REGISTRY);
            assertThat(FilterParser.parse(FilterPrinter.toText(filter), TestRegistry.REGISTRY))
                    .as("seed %d, input %d: %s", SEED, index, text)
                    .isEqualTo(filter);
            return Optional.of(filter);
        } catch (AtlasException refused) {
            Problem problem = refused.problem();
            String context = "seed %d, input %d: %s: %s".formatted(SEED, index, text, problem);
            assertThat(CODES).as(context).contains(problem.code());
            assertThat(problem.position()).as(context).hasValueSatisfying(position -> {
                assertThat(position.offset()).isBetween(0, text.length());
                assertThat(position.line()).isPositive();
                assertThat(position.column()).isPositive();
            });
            assertThat(problem.detail())
                    .as(context)
                    .doesNotContain("null", "<INVALID>")
                    .hasSizeLessThan(400);
            return Optional.empty();
        } catch (RuntimeException | StackOverflowError broken) {
            return fail("seed %d, input %d: %s".formatted(SEED, index, text), broken);
        }
    }
}
