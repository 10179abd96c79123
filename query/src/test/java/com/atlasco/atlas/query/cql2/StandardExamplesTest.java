package com.atlasco.atlas.query.cql2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StandardExamplesTest {

    static List<Path> examples() throws IOException, URISyntaxException {
        Path license = Path.of(Objects.requireNonNull(
                        StandardExamplesTest.class.getResource("examples/LICENSE"), "the examples' licence")
                .toURI());
        try (Stream<Path> files = Files.list(license.resolveSibling("."))) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsEveryTextExampleOfTheStandard(Path example) {
        assertThat(read(text(example)).isCondition()).isTrue();
    }

    @Test
    void hasAllExamples() throws IOException, URISyntaxException {
        assertThat(examples()).hasSize(62);
    }

    @Test
    void keepsTheStructure() throws IOException, URISyntaxException {
        assertThat(read("balance-150.0 > 0"))
                .isInstanceOfSatisfying(
                        Expression.Comparison.class,
                        comparison -> assertThat(comparison.left())
                                .isInstanceOfSatisfying(Expression.Arithmetic.class, minus -> {
                                    assertThat(minus.operator()).isEqualTo("-");
                                    assertThat(minus.right()).isInstanceOf(Expression.NumberLiteral.class);
                                }));
        assertThat(read("A_CONTAINS(layer:ids, ('layers-ca'))"))
                .isInstanceOfSatisfying(Expression.StandardCall.class, call -> {
                    assertThat(call.function()).isEqualTo("A_CONTAINS");
                    assertThat(call.right()).isInstanceOf(Expression.ArrayLiteral.class);
                });
        assertThat(read("a = 1 + 2 * -x ^ 2 div y"))
                .isInstanceOfSatisfying(
                        Expression.Comparison.class,
                        comparison -> assertThat(comparison.right())
                                .isInstanceOfSatisfying(Expression.Arithmetic.class, sum -> {
                                    assertThat(sum.operator()).isEqualTo("+");
                                    assertThat(sum.right())
                                            .isInstanceOfSatisfying(
                                                    Expression.Arithmetic.class,
                                                    term -> assertThat(term.operator())
                                                            .isEqualTo("DIV"));
                                }));
        assertThat(read("s_within(g, multipolygon z (((1 2 3, 4 5 6, 7 8 9, 1 2 3))))"))
                .isInstanceOfSatisfying(
                        Expression.StandardCall.class,
                        call -> assertThat(((Expression.Geometry) call.right())
                                        .shape()
                                        .text())
                                .isEqualTo("MULTIPOLYGON Z(((1 2 3, 4 5 6, 7 8 9, 1 2 3)))"));
    }

    private static Expression read(String text) {
        return SyntaxReader.read(SourceText.of(text, FilterParser.MAX_LENGTH));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
