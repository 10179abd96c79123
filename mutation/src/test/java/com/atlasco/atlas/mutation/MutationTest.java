package com.atlasco.atlas.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Each planted error makes a test fail, and none fails without. {@code target/planted-errors.txt} says which test noticed
 * which error. {@code -Dplanted=text} tries those alone that have the text in their name.
 */
class MutationTest {

    private static final Path REPORT = Path.of("target", "planted-errors.txt");

    @TempDir
    Path scratch;

    @BeforeEach
    void emptyTheReport() throws IOException {
        Files.createDirectories(REPORT.toAbsolutePath().getParent());
        Files.writeString(REPORT, "");
    }

    @TestFactory
    @Execution(ExecutionMode.CONCURRENT)
    List<DynamicTest> everyPlantedErrorIsNoticed() {
        Laboratory laboratory = new Laboratory(Path.of(System.getProperty("atlas.root", "..")), scratch);
        String wanted = System.getProperty("planted", "");
        List<PlantedError> errors = PlantedErrors.all().stream()
                .filter(error ->
                        error.what().contains(wanted) || error.suite().name().equalsIgnoreCase(wanted))
                .toList();
        List<DynamicTest> tests = new ArrayList<>();
        for (Suite suite : Arrays.stream(Suite.values())
                .filter(each -> errors.stream().anyMatch(error -> error.suite() == each))
                .toList()) {
            tests.add(DynamicTest.dynamicTest(suite + " without an error", () -> {
                Laboratory.Verdict verdict = laboratory.unchanged(suite);
                assertThat(verdict.killer()).isEmpty();
                report("%-62s passes in %,d ms"
                        .formatted(suite + " without an error", verdict.took().toMillis()));
            }));
        }
        for (int i = 0; i < errors.size(); i++) {
            PlantedError error = errors.get(i);
            int number = i + 1;
            tests.add(DynamicTest.dynamicTest(error.what(), () -> {
                Laboratory.Verdict verdict = laboratory.with(error, number);
                report("%3d %-58s %s"
                        .formatted(number, error.what(), verdict.killer().orElse("SURVIVED")));
                assertThat(verdict.killer())
                        .as(
                                "no test notices: %s (%s has '%s' in place of '%s')",
                                error.what(), error.type(), error.wrong(), error.right())
                        .isPresent();
            }));
        }
        return tests;
    }

    private static synchronized void report(String line) throws IOException {
        String shortened = line.length() > 200 ? line.substring(0, 200) + "…" : line;
        System.out.println(shortened);
        Files.writeString(REPORT, shortened + "\n", StandardOpenOption.APPEND);
    }
}
