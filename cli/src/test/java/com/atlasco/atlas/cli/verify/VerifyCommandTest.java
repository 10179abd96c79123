package com.atlasco.atlas.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.cli.CliRun;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.FakeAtlas;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyCommandTest {

    private static final String SUMMARY = """
            {"type":"summary","done":true,"tenants":2,"entities":30,"findings":%d,"repaired":%d,"undecided":1,
             "elapsed_ms":1200,"sources":[{"source":"replica","compared":%b,"not_compared":"it did not come",
              "entities":30,"findings":%d,"repaired":%d,"divergent_rows":1,"undecided":1}]}""";

    private FakeAtlas atlas;

    @BeforeEach
    void start() throws IOException {
        atlas = new FakeAtlas();
    }

    @AfterEach
    void stop() {
        atlas.close();
    }

    private CliRun run(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "verify";
        all[1] = "--url";
        all[2] = atlas.url();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return CliRun.of(all);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, true, 0", "2, 2, true, 0", "2, 1, true, 1", "0, 0, false, 1"})
    void theExitCodeSaysWhetherAllIsTheSame(int findings, int repaired, boolean compared, int exitCode)
            throws IOException {
        atlas.answers(200, SUMMARY.formatted(findings, repaired, compared, findings, repaired));
        CliRun run = run();
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.out()).contains(compared ? "1 changing and not decided" : "not compared: it did not come");
    }

    @Test
    void asksForWhatItIsTold() throws IOException {
        atlas.answers(200, SUMMARY.formatted(0, 0, true, 0, 0));
        assertThat(run("--tenant", "7", "--tenant", "8", "--source", "olap", "--sample", "0.5", "--repair")
                        .exitCode())
                .isZero();
        assertThat(atlas.requests).singleElement().hasToString("""
                {"tenants":[7,8],"sources":["olap"],"sample":0.5,"repair":true}""");
    }

    @Test
    void anAnswerThatEndsEarlyIsAFailure() throws IOException {
        atlas.answers(200, """
                {"type":"summary","done":false,"error":{"title":"x","detail":"the primary went away","status":503}}""");
        CliRun run = run();
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("the primary went away");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--sample=0", "--sample=1.5", "--source=primary", "--tenant=0"})
    void whatIsNoOptionIsWrongUsage(String option) {
        assertThat(run(option).exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(atlas.requests).isEmpty();
    }
}
