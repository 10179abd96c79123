package com.atlasco.atlas.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "",
                "it's",
                "a = 'b' AND c LIKE '%$HOME%'",
                "\"double\" and 'single'",
                "`id` $(id) \\ !x ~ *",
                "line\nbreak",
                "=x",
                "{\"a\":\"b c\"}"
            })
    void aShellHandsQuotedArgumentsOnUnchanged(String argument) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", "printf '%s' " + Shell.quote(argument)).start();

        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(shell.waitFor()).isZero();
        assertThat(printed).isEqualTo(argument);
    }

    @Test
    void tablesShrinkTheWidestColumnAndLeaveOutTheLast() {
        Table table = new Table(List.of(
                        new Table.Column("id", true), new Table.Column("text", false), new Table.Column("c", false)))
                .row(List.of("1", "a".repeat(60), "b".repeat(10)))
                .row(List.of("22", "日本", "b"));

        Table.Layout fitted = table.layout(Terminal.ofColumns("40"));
        assertThat(fitted.lines())
                .allSatisfy(line -> assertThat(DisplayText.width(line)).isLessThanOrEqualTo(40));
        assertThat(fitted.lines().get(1)).isEqualTo(" 1  " + "a".repeat(23) + "…  " + "b".repeat(10));
        assertThat(fitted.lines().get(2)).isEqualTo("22  日本" + " ".repeat(20) + "  b");
        assertThat(fitted.omitted()).isEmpty();

        assertThat(table.layout(Terminal.ofColumns("20")).omitted()).containsExactly("c");
        assertThat(table.layout(Terminal.none()).lines().get(1)).contains("a".repeat(60));
    }

    @Test
    void caretsStandUnderTheirPlaceInFiltersOfSeveralLines() throws JsonProcessingException {
        String text = ProblemText.of(
                new ObjectMapper().readTree("{\"detail\":\"no\",\"position\":{\"line\":2,\"column\":4}}"),
                Optional.of("a = 1\nAND b"));

        assertThat(text).isEqualTo("no\n  AND b\n     ^");
    }

    @Test
    void progressFigures() {
        ProgressFigures half = new ProgressFigures(500, 50, OptionalLong.of(100), 2_000_000_000L);
        assertThat(half.rate()).isEqualTo(250);
        assertThat(half.fraction()).contains(0.5);
        assertThat(half.secondsToGo()).contains(2.0);
        assertThat(half.line(10, "rows")).isEqualTo("[=====>    ]  50 %  500 rows  250/s  2.0 s to go");

        ProgressFigures unknown = new ProgressFigures(5, 50, OptionalLong.empty(), 1_000_000_000L);
        assertThat(unknown.secondsToGo()).isEmpty();
        assertThat(unknown.line(10, "rows")).isEqualTo("5 rows  5/s");

        ProgressFigures atOnce = new ProgressFigures(0, 0, OptionalLong.of(0), 0);
        assertThat(atOnce.rate()).isZero();
        assertThat(atOnce.fraction()).contains(1.0);
        assertThat(new ProgressFigures(1, 0, OptionalLong.of(9), 1).secondsToGo())
                .isEmpty();
    }

    @Test
    void spansOfTime() {
        assertThat(Durations.of(0.34)).isEqualTo("0.3 s");
        assertThat(Durations.of(59.2)).isEqualTo("59 s");
        assertThat(Durations.of(185)).isEqualTo("3 min 05 s");
        assertThat(Durations.of(7800)).isEqualTo("2 h 10 min");
    }
}
