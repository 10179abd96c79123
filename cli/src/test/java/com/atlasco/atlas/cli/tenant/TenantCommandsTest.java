package com.atlasco.atlas.cli.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.cli.CliRun;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.FakeAtlas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantCommandsTest {

    private static final String TENANT = """
            {"tenant_id":7,"name":"acme","state":"deleting","created_at":"2026-01-01T00:00:00Z",
             "quotas":{"max_entities":10,"max_attribute_types":null,"max_writes_per_second":null},
             "deletion":{"requested_at":"2026-01-02T00:00:00Z","phase":"deleting",
              "entities":{"done":1000,"total":2000},"rows":{"done":5000,"total":9000}}}""";

    @TempDir
    Path directory;

    private FakeAtlas atlas;

    @BeforeEach
    void start() throws IOException {
        atlas = new FakeAtlas();
    }

    @AfterEach
    void stop() {
        atlas.close();
    }

    @Test
    void createsATenantWithTheKeyOfAFile() throws IOException {
        atlas.answers(201, TENANT);
        Path key = directory.resolve("operator.key");
        Files.writeString(key, "the-key\n");
        CliRun run = run("tenant", "create", "acme", "--max-entities", "10", "--api-key-file", key.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("Created tenant 7, acme\n");
        assertThat(atlas.requests).singleElement().hasToString("""
                {"name":"acme","quotas":{"max_entities":10}}""");
        assertThat(atlas.headers)
                .contains("Authorization: Bearer the-key")
                .noneMatch(header -> header.startsWith("X-tenant-id"));
    }

    @Test
    void showsHowFarADeletionIs() throws IOException {
        atlas.answers(200, TENANT);
        CliRun run = run("tenant", "show", "7");
        assertThat(run.out().lines())
                .containsExactly(
                        "tenant_id  name  state     created_at            max_entities  max_attribute_types  max_writes_per_second",
                        "        7  acme  deleting  2026-01-01T00:00:00Z            10",
                        "",
                        "Deleting since 2026-01-02T00:00:00Z, deleting: 1,000 of 2,000 entities, 5,000 of 9,000 rows");
        assertThat(run("tenant", "show", "7", "--json").out()).contains("\"tenant_id\" : 7");
    }

    @Test
    void aKeyAloneGoesToStandardOutput() throws IOException {
        atlas.answers(201, "{\"key\":\"atlas_key_x\",\"key_id\":\"x\",\"tenant_id\":7}");
        CliRun run = run("tenant", "key", "create", "7", "--name", "k", "--scope", "read,admin");
        assertThat(run.out()).isEqualTo("atlas_key_x\n");
        assertThat(atlas.requests).singleElement().hasToString("""
                {"name":"k","scopes":["read","admin"]}""");
    }

    @Test
    void quotasAreChangedOneByOne() throws IOException {
        atlas.answers(200, "{\"max_entities\":null,\"max_writes_per_second\":5}");
        CliRun run = run("tenant", "quota", "7", "--max-entities", "none", "--max-writes-per-second", "5");
        assertThat(run.out().lines())
                .containsExactly(
                        "quota                  limit", "max_entities            none", "max_writes_per_second      5");
        assertThat(atlas.requests).singleElement().hasToString("""
                {"max_entities":null,"max_writes_per_second":5}""");
        assertThat(run("tenant", "quota", "7", "--max-entities", "many").exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aDeletionHasToBeMeant() throws IOException {
        assertThat(run("tenant", "delete", "7").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(atlas.headers).isEmpty();
        atlas.answers(202, TENANT);
        assertThat(run("tenant", "delete", "7", "--yes").exitCode()).isZero();
        atlas.answers(410, "{\"status\":410,\"code\":\"tenant_gone\",\"detail\":\"tenant 7 is deleted\"}");
        assertThat(run("tenant", "show", "7").err()).contains("tenant 7 is deleted");
    }

    @Test
    void withATenantsKeyTheKeySaysWhichTenant() throws IOException {
        atlas.answers(200, "{\"entities\":[],\"next_cursor\":null}");
        run("query", "--api-key", "k");
        assertThat(atlas.headers)
                .contains("Authorization: Bearer k")
                .noneMatch(header -> header.startsWith("X-tenant-id"));
        run("query", "--api-key", "k", "--tenant", "9");
        assertThat(atlas.headers).contains("X-tenant-id: 9");
        assertThat(run("query", "--api-key", "two words").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : new String[] {"create", "list", "show", "delete", "quota", "key"}) {
            assertThat(CliRun.of("tenant", command, "--help").out()).as(command).contains("Examples:");
        }
        assertThat(CliRun.of("tenant", "key", "revoke", "--help").out()).contains("KEY_ID");
        assertThat(CliRun.of("up", "--host", "0.0.0.0", "--data-dir", directory.toString())
                        .err())
                .contains("--require-keys");
    }

    private CliRun run(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--url";
        all[arguments.length + 1] = atlas.url();
        return CliRun.of(all);
    }
}
