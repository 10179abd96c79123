package com.atlasco.atlas.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.cli.CliRun;
import com.atlasco.atlas.cli.ExitCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "ingest, --attributes, 0, --attributes is at least 1",
        "ingest, --entities, 999, --entities is at least 1000",
        "ingest, --tiers, none, '--tiers takes primary, all or both'",
        "growth, --attributes, 3, --attributes is at least 4",
        "growth, --max, 499999, --max is at least 500000",
        "growth, --tiers, both, --tiers takes primary or all",
        "filter, --entities, 9999, --entities is at least 10000",
        "filter, --filters, 0, '--filters, --repeat and --cut-ms are at least 1'",
        "filter, --only, limit, 'there is no limit, only seed, jsonb_gin'",
        "aggregate, --entities, 9999, --entities is at least 10000",
        "aggregate, --only, jsonb_gin, 'there is no jsonb_gin, only wide_duckdb, seed'",
        "steady, --rate, 19, --rate is at least 20",
        "freshness, --writers, 0, '--minutes is above 0, --readers, --writers and --tenants are at least 1'",
        "freshness, --fault, storm, there is no storm",
        "crash, --kills, 0, --kills and --writers are at least 1",
    })
    void aValueThatCannotBeIsRefusedBeforeAnythingStarts(String bench, String option, String value, String refusal) {
        CliRun run = CliRun.of("bench", bench, option, value);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(refusal);
    }

    @ParameterizedTest
    @CsvSource({"ingest", "growth"})
    void benchesWithServersOfTheirOwnMakeTheSameEntities(String bench) {
        CliRun run = CliRun.of("bench", bench, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("--attributes", "--seed", "--json", "Default: 42");
    }

    @ParameterizedTest
    @CsvSource({"filter", "aggregate"})
    void benchesBesidePeersTakeASizeASeedAndAFile(String bench) {
        CliRun run = CliRun.of("bench", bench, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("--entities", "--seed", "--json", "--only", "Default: 1000000");
    }
}
