package com.atlasco.atlas.cli.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.cli.CliRun;
import com.atlasco.atlas.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Cql2CommandTest {

    private static final String JSON = "{\"op\":\">\",\"args\":[{\"property\":\"score\"},80]}";

    @Test
    void printsTheOtherForm() {
        assertPrints(JSON, "score > 80\n");
        assertPrints("score > 80", JSON + "\n");
        assertPrints("score > 80", "\uFEFF" + JSON);
    }

    @Test
    void printsTheFormThatIsAskedFor() {
        assertPrints("score > 80 AND TRUE", "((score>80)) and true", "--to", "text");
        assertPrints(JSON, "score > 80", "--from", "text", "--to", "json");
        assertPrints("true", "true", "--from", "text");
        assertPrints("TRUE", "true");
        assertPrints(JSON, JSON.replace(",", " , "), "--to", "json");
    }

    private static void assertPrints(String wanted, String input, String... options) {
        CliRun run = cql2(input, options);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo(wanted + System.lineSeparator());
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void showsTheLineAndTheColumnOfAMistake() {
        CliRun run = cql2("score > 80 AND\n  country == 'US'\n");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("""
                atlas: line 2, column 11: expected a comparison such as = or <, found ==
                    country == 'US'
                            ^
                  hint: Use a single = to compare, as in score = 5.
                """);
    }

    @Test
    void showsThePlaceOfAMistakeInJson() {
        CliRun run = cql2("{\"op\": \"and\", \"args\": [" + "true, ".repeat(500) + "5]}");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("atlas: line 1, column 3024: expected a condition, found the number 5\n");
        assertThat(run.err().lines().toList())
                .contains("  at /args/500", "  " + " ".repeat(60) + "^")
                .allMatch(line -> line.length() < 200);
    }

    @ParameterizedTest
    @CsvSource({"--from,sql", "--to,sql"})
    void refusesAFormThereIsNot(String option, String form) {
        CliRun run = cql2("TRUE", option, form);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(option + " is text or json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "{", "[]", "\0", "((((", "'"})
    void endsWithTwoWhateverIsWrong(String input) {
        CliRun run = cql2(input);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("atlas: line ");
    }

    @Test
    void explainsItself() {
        CliRun run = cql2("", "--help");
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("--from", "--to", "standard input", "Exit codes");
    }

    private static CliRun cql2(String input, String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "cql2";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return CliRun.withInput(input, arguments);
    }
}
