package com.atlasco.atlas.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.cli.CliRun;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.FakeAtlas;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

    @TempDir
    Path directory;

    FakeAtlas atlas;

    @BeforeEach
    void start() throws IOException {
        atlas = new FakeAtlas();
    }

    @AfterEach
    void stop() {
        atlas.close();
    }

    @Test
    void importsCsvWithInferredTypesAndIds() throws IOException {
        Path file = file("things.csv", """
                id, name ,score,alive,born,code,extra,empty
                1,"Smith, ""Joe""\",12.50,TRUE,2020-01-31,007,"{""a"":[1]}",
                2,Ann,-3,false,2020-02-01T10:00:00Z,12,[],
                """);

        CliRun run = run(file, "--entity-type", "person");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).startsWith("2 created, 0 updated, 0 refused");
        assertThat(atlas.attributes.keySet())
                .containsExactlyInAnyOrder("name", "score", "alive", "born", "code", "extra");
        assertThat(type("name")).isEqualTo("text");
        assertThat(type("score")).isEqualTo("number");
        assertThat(type("alive")).isEqualTo("bool");
        assertThat(type("born")).isEqualTo("ts");
        assertThat(type("code")).as("leading zeros").isEqualTo("text");
        assertThat(type("extra")).isEqualTo("json");
        assertThat(atlas.entity(1)).isEqualTo(new ObjectMapper().readTree("""
                {"entity_type":"person","attributes":{"name":"Smith, \\"Joe\\"","score":12.5,"alive":true,
                 "born":"2020-01-31","code":"007","extra":{"a":[1]}}}"""));
    }

    @Test
    void importsGzippedEnvelopesAndMergesWhenRepeated() throws IOException {
        Path file = directory.resolve("things.ndjson.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (int id = 1; id <= 2_500; id++) {
                out.write(("{\"entity_id\":" + id + ",\"entity_type\":\"t\",\"attributes\":{\"n\":" + id + "}}\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
        }

        assertThat(run(file).out()).startsWith("2,500 created, 0 updated, 0 refused");
        assertThat(run(file).out()).startsWith("0 created, 2,500 updated, 0 refused");
        assertThat(atlas.entities).hasSize(2_500);
        assertThat(atlas.entity(2_500).path("attributes").path("n").asInt()).isEqualTo(2_500);
    }

    @Test
    void laterLinesOfTheSameEntityWin() throws IOException {
        StringBuilder lines = new StringBuilder("id,n\n");
        for (int line = 1; line <= 5_000; line++) {
            lines.append(line % 7 + 1).append(',').append(line).append('\n');
        }

        assertThat(run(file("a.csv", lines.toString()), "--entity-type", "t").exitCode())
                .isZero();

        for (int id = 1; id <= 7; id++) {
            int last = 5_000 - Math.floorMod(5_000 - (id - 1), 7);
            assertThat(atlas.entity(id).path("attributes").path("n").asInt()).isEqualTo(last);
        }
    }

    @Test
    void namesRefusedLinesWithTheirProblemAndStoresTheOthers() throws IOException {
        assertThat(CliRun.of("register", "score", "number", "--url", atlas.url())
                        .exitCode())
                .isZero();
        Path file = file("a.csv", "entity_id,score,entity_type\n1,5,t\n2,high,t\n3,7\n4,8,\n");

        CliRun run = run(file);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("rows without entity_type").contains("--entity-type a");

        run = run(file("b.csv", "entity_id,score,entity_type\n1,5,t\n2,high,t\n3,7\n4,8,t\n"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).startsWith("2 created, 0 updated, 2 refused");
        assertThat(run.err())
                .contains("line 3: attribute 'score' is of type number")
                .contains("line 4: has 2 cells where the header has 3");
        assertThat(atlas.entities.keySet()).containsExactlyInAnyOrder(1L, 4L);
    }

    @Test
    void serverRefusalsAreReportedByLine() throws IOException {
        CliRun run = run(file("a.ndjson", """
                {"entity_type":" ","entity_id":1,"attributes":{"a":1}}

                {"entity_type":"t","entity_id":2,"attributes":{"a":2}}
                not json
                """));

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("line 1: entity_type is empty").contains("line 4: is not JSON");
        assertThat(atlas.entities.keySet()).containsExactly(2L);
    }

    @Test
    void flatObjectsOfMixedScalarsBecomeText() throws IOException {
        CliRun run = run(
                file("a.jsonl", "{\"id\":1,\"a\":5,\"b\":1}\n{\"id\":2,\"a\":\"x\",\"b\":{\"c\":1}}\n"),
                "--entity-type",
                "t");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(type("a")).isEqualTo("text");
        assertThat(type("b")).isEqualTo("json");
        assertThat(atlas.entity(1).path("attributes").path("a").asText()).isEqualTo("5");
    }

    @Test
    void readsStandardInputAndRegistersWhatAppearsLate() {
        CliRun run = CliRun.withInput(
                "{\"a\":1}\n{\"a\":2,\"late\":true}\n",
                "import",
                "-",
                "--entity-type",
                "t",
                "--infer-rows",
                "1",
                "--register",
                "--url",
                atlas.url());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(type("late")).isEqualTo("bool");
        assertThat(atlas.entities).hasSize(2);
    }

    @Test
    void dryRunWritesNothing() throws IOException {
        CliRun run = run(file("a.csv", "id,n\n1,2\n"), "--entity-type", "t", "--dry-run");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("1 entities would be sent");
        assertThat(run.err()).contains("Would register n number");
        assertThat(atlas.attributes).isEmpty();
        assertThat(atlas.entities).isEmpty();
    }

    @Test
    void goesOnAfterABrokenConnectionWhenEveryEntityIsNamed() throws IOException {
        atlas.cutBatches.set(1);

        CliRun run = run(file("a.csv", "id,n\n1,2\n2,3\n3,4\n"), "--entity-type", "t", "--connections", "1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("3 created, 0 updated, 0 refused");
    }

    @Test
    void goesOnAfterABrokenConnectionWhenTheRowsOfAFileBringNoIds() throws IOException {
        atlas.cutBatches.set(1);

        CliRun run = run(file("a.csv", "n\n2\n3\n4\n"), "--entity-type", "t", "--connections", "1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(atlas.entities).hasSize(3);
        assertThat(atlas.entities.keySet()).allMatch(id -> id > 1L << 62);
    }

    @Test
    void doesNotRepeatWhatStandardInputBringsWithoutIdsAfterABrokenConnection() {
        atlas.cutBatches.set(1);

        CliRun run = CliRun.withInput(
                "n\n2\n3\n4\n",
                "import",
                "-",
                "--register",
                "--entity-type",
                "t",
                "--connections",
                "1",
                "--url",
                atlas.url());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("2 entities from lines 3 to 4 were stored is not known");
        assertThat(run.err()).contains("Stored so far: 1 created");
        assertThat(atlas.entities).hasSize(1);
    }

    @Test
    void goesOnWhereItWasInterruptedAndBeginsAnewWhenTold() throws IOException {
        StringBuilder lines = new StringBuilder("n\n");
        for (int line = 1; line <= 3_000; line++) {
            lines.append(line).append('\n');
        }
        Path file = file("a.csv", lines.toString());
        // Two batches are taken; then the server is busy for longer than the import waits.
        atlas.takenBatches.set(2);

        CliRun run = run(file, "--entity-type", "t", "--connections", "1", "--patience", "0");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("Import it again to go on behind row 2,000.");
        assertThat(atlas.entities).hasSize(2_000);

        atlas.takenBatches.set(1_000);
        run = run(file, "--entity-type", "t", "--connections", "1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("Going on behind row 2,000");
        assertThat(run.out()).startsWith("1,000 created, 0 updated");
        assertThat(atlas.entities).hasSize(3_000);
        assertThat(directory).isDirectoryNotContaining("glob:**.atlas-import");

        run = run(file, "--entity-type", "t", "--restart");

        assertThat(run.out()).startsWith("0 created, 3,000 updated");
        assertThat(atlas.entities).hasSize(3_000);
    }

    @Test
    void aFileThatHasChangedIsImportedFromItsBeginAndSaysWhatBecomesOfItsIds() throws IOException {
        Path file = numbers(1_500);
        interruptBehindFirstBatch(file, "--entity-type", "t");
        Files.writeString(file, "1501\n", StandardOpenOption.APPEND);

        CliRun run = run(file, "--entity-type", "t");

        assertThat(run.err())
                .doesNotContain("Going on")
                .contains("Beginning with row 1")
                .contains("interrupted behind row 1,000, but the file has changed since")
                .contains("Rows that bring no id of their own get new ones");
        assertThat(run.out()).startsWith("1,501 created");
        assertThat(directory).as("nothing to go on from").isDirectoryNotContaining("glob:**.atlas-import");
    }

    @Test
    void aFileThatWasOnlyTouchedGoesOn() throws IOException {
        Path file = numbers(1_500);
        interruptBehindFirstBatch(file, "--entity-type", "t");
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));

        CliRun run = run(file, "--entity-type", "t");

        assertThat(run.err()).contains("Going on behind row 1,000");
        assertThat(run.out()).startsWith("500 created, 0 updated");
    }

    @Test
    void anotherTenantsKeyGetsEveryRow() throws IOException {
        Path file = numbers(1_500);
        interruptBehindFirstBatch(file, "--entity-type", "t", "--api-key", "of-one");
        atlas.entities.clear();

        CliRun run = run(file, "--entity-type", "t", "--api-key", "of-another");

        assertThat(run.err())
                .doesNotContain("Going on")
                .contains("interrupted behind row 1,000, but it went to " + atlas.url())
                .doesNotContain("of-one");
        assertThat(atlas.entities).hasSize(1_500);
        assertThat(directory).as("the other one's place is kept").isDirectoryContaining("glob:**.atlas-import");

        run = run(file, "--entity-type", "t", "--api-key", "of-one");
        assertThat(run.err()).contains("Going on behind row 1,000");
    }

    @Test
    void correctedOptionsWriteEveryRowAnewUnderTheSameIds() throws IOException {
        Path file = numbers(1_500);
        interruptBehindFirstBatch(file, "--entity-type", "wrong");

        CliRun run = run(file, "--entity-type", "right");

        assertThat(run.err())
                .doesNotContain("Going on")
                .contains("interrupted behind row 1,000, but it was read with --entity-type wrong");
        assertThat(run.out()).startsWith("500 created, 1,000 updated");
        assertThat(atlas.entities.values())
                .hasSize(1_500)
                .allSatisfy(entity ->
                        assertThat(entity.path("entity_type").asText()).isEqualTo("right"));
        assertThat(directory).isDirectoryNotContaining("glob:**.atlas-import");
    }

    @Test
    void whatWasRefusedIsTriedAgainByTheNextRun() throws IOException {
        Path file = numbers(3_500);
        atlas.mostEntities.set(1_500);
        atlas.takenBatches.set(3);

        CliRun run = run(file, "--entity-type", "t", "--connections", "1", "--patience", "0");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err())
                .contains("1,500 created, 0 updated; 1,500 refused")
                .contains("Import it again to go on behind row 1,500, so that what was refused is tried again");

        atlas.mostEntities.set(Integer.MAX_VALUE);
        atlas.takenBatches.set(1_000);
        run = run(file, "--entity-type", "t");

        assertThat(run.err()).contains("Going on behind row 1,500");
        assertThat(run.out()).startsWith("2,000 created, 0 updated, 0 refused");
        assertThat(atlas.entities).hasSize(3_500);
    }

    @Test
    void rowsThatCannotBeReadAreNamedAgainByTheNextRun() throws IOException {
        Path file =
                file("a.ndjson", "{\"id\":1,\"n\":1}\n".repeat(1_200) + "no\n" + "{\"id\":2,\"n\":1}\n".repeat(1_200));
        atlas.takenBatches.set(2);
        assertThat(run(file, "--entity-type", "t", "--connections", "1", "--patience", "0")
                        .exitCode())
                .isEqualTo(ExitCode.FAILED);
        atlas.takenBatches.set(1_000);

        CliRun run = run(file, "--entity-type", "t");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("Going on behind row 1,200").contains("line 1201: is not JSON");
        assertThat(run.out()).contains("1 refused");
    }

    @Test
    void anImportThatBeganAnewWhenToldDoesNotGoOnWhereAnEarlierOneWas() throws IOException {
        Path file = numbers(1_500);
        interruptBehindFirstBatch(file, "--entity-type", "t");
        atlas.takenBatches.set(0);
        assertThat(run(file, "--entity-type", "t", "--restart", "--connections", "1", "--patience", "0")
                        .exitCode())
                .isEqualTo(ExitCode.FAILED);
        atlas.entities.clear();
        atlas.takenBatches.set(1_000);

        CliRun run = run(file, "--entity-type", "t");

        assertThat(run.err()).doesNotContain("Going on");
        assertThat(run.out()).startsWith("1,500 created");
    }

    @Test
    void whatFollowsAboutAnEntityIsSentAgainBehindItsEarlierLine() throws IOException {
        atlas.busyItems.addAll(Set.of(0, 4));

        CliRun run = run(
                file("a.csv", "id,n,m\n1,1,\n2,2,\n1,3,3\n1,4,\n3,5,\n2,6,\n3,7,\n"),
                "--entity-type",
                "t",
                "--connections",
                "1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(atlas.entity(1).path("attributes")).hasToString("{\"n\":4,\"m\":3}");
        assertThat(atlas.entity(2).path("attributes").path("n").intValue()).isEqualTo(6);
        assertThat(atlas.entity(3).path("attributes").path("n").intValue()).isEqualTo(7);
        assertThat(run.out()).as("each row is counted once").startsWith("3 created, 4 updated, 0 refused");
    }

    @Test
    void stopsAtMoreErrorsThanItMayMeet() throws IOException {
        CliRun run = run(file("a.ndjson", "no\n".repeat(10)), "--max-errors", "3", "--entity-type", "t");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("More than 3 lines were refused").contains("line 4: is not JSON");
    }

    @Test
    void comesBackToABusyServer() throws IOException {
        atlas.busyBatches.set(2);

        CliRun run = run(file("a.csv", "n\n2\n3\n"), "--entity-type", "t");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(atlas.entities).hasSize(2);
    }

    @Test
    void refusesHeadersThatNameNothingOrTheSameTwice() throws IOException {
        assertThat(run(file("a.csv", "a,,b\n1,2,3\n"), "--entity-type", "t").err())
                .contains("Column 2 has no name");
        assertThat(run(file("b.csv", "a,a\n1,2\n"), "--entity-type", "t").err()).contains("Two columns are named 'a'");
        assertThat(run(file("c.csv", "a\n1\n"), "--entity-type", "t", "--id-column", "nr")
                        .err())
                .contains("no column 'nr'");
        assertThat(run(directory.resolve("absent.csv")).exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void columnsWithoutAttributesAreAnErrorThatSaysWhatToRun() throws IOException {
        Path file = file("two words.csv", "id,n,when\n1,2,2026-01-01\n");
        String[] arguments = {"import", file.toString(), "--url", atlas.url(), "--entity-type", "it's"};

        CliRun run = CliRun.of(arguments);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains("2 columns of " + file + " are not registered as attributes: n number, when ts.")
                .contains("./atlas import '" + file + "' --url " + atlas.url() + " --entity-type \"it's\" --register");
        assertThat(atlas.attributes).isEmpty();
        assertThat(atlas.entities).isEmpty();

        assertThat(run(file, "--entity-type", "it's").exitCode()).isZero();
        assertThat(CliRun.of(arguments).exitCode()).as("registered now").isZero();
    }

    @Test
    void lateColumnsWithoutAttributesAreRefusedByLine() {
        assertThat(CliRun.of("register", "a", "number", "--url", atlas.url()).exitCode())
                .isZero();
        CliRun run = CliRun.withInput(
                "{\"a\":1}\n{\"a\":2,\"late\":true}\n",
                "import",
                "-",
                "--entity-type",
                "t",
                "--infer-rows",
                "1",
                "--url",
                atlas.url());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("line 2: attribute 'late' is not registered");
        assertThat(atlas.entities).hasSize(1);
    }

    @Test
    void constraintsAreRegisteredInTheTypeOfTheAttribute() throws IOException {
        CliRun run = CliRun.of(
                "register",
                "charge",
                "number",
                "--min",
                "0",
                "--enum",
                "1",
                "--enum",
                "2.5",
                "--required-for",
                "device",
                "--url",
                atlas.url());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(java.util.Objects.requireNonNull(atlas.attributes.get("charge"))
                        .path("constraints"))
                .isEqualTo(new ObjectMapper().readTree("{\"enum\":[1,2.5],\"min\":0,\"required_for\":[\"device\"]}"));
    }

    /** Numbers without ids. */
    private Path numbers(int rows) throws IOException {
        StringBuilder lines = new StringBuilder("n\n");
        for (int row = 1; row <= rows; row++) {
            lines.append(row).append('\n');
        }
        return file("a.csv", lines.toString());
    }

    /** One batch is taken; then the server is busy for longer than the import waits. Afterwards it is not. */
    private void interruptBehindFirstBatch(Path file, String... options) {
        atlas.takenBatches.set(1);
        String[] more = Arrays.copyOf(options, options.length + 4);
        System.arraycopy(new String[] {"--connections", "1", "--patience", "0"}, 0, more, options.length, 4);
        assertThat(run(file, more).exitCode()).isEqualTo(ExitCode.FAILED);
        atlas.takenBatches.set(Integer.MAX_VALUE);
    }

    /** With --register. */
    private CliRun run(Path file, String... more) {
        String[] arguments = new String[more.length + 5];
        arguments[0] = "import";
        arguments[1] = file.toString();
        arguments[2] = "--url";
        arguments[3] = atlas.url();
        arguments[4] = "--register";
        System.arraycopy(more, 0, arguments, 5, more.length);
        return CliRun.of(arguments);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private String type(String attribute) {
        return atlas.type(attribute);
    }
}
