package com.atlasco.atlas.cli.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.cli.CliRun;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.FakeAtlas;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadCommandsTest {

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
    void aDeletionAsksInWordsWhoseEntitiesItWouldDelete() throws IOException {
        atlas.answers(200, "{\"matching\":5}");

        CliRun named = CliRun.withInput("n\n", "delete", "a > 1", "--url", atlas.url(), "--tenant", "7");
        CliRun ofAKey = CliRun.withInput("n\n", "delete", "a > 1", "--url", atlas.url(), "--api-key", "k");

        assertThat(named.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(named.err())
                .isEqualTo("Delete 5 entities of tenant 7 at %s? [y/N] Nothing was deleted.\n".formatted(atlas.url()));
        assertThat(ofAKey.err()).startsWith("Delete 5 entities of the key's tenant at " + atlas.url());
    }

    @Test
    void printsATableAndWhereItCameFrom() throws IOException {
        atlas.answers(200, """
                {"entities":[{"entity_id":7,"entity_type":"t","version":1,"attributes":{"a":1.5,"b":"x\\u001b[2J"}},
                 {"entity_id":12,"entity_type":"t","version":1,"attributes":{"a":20}}],"next_cursor":null,"count":null}""");

        CliRun run = CliRun.of(
                "query",
                "a > 1",
                "--url",
                atlas.url(),
                "--sortby",
                "-a",
                "--properties",
                "b,a",
                "--class",
                "interactive",
                "--max-lag-ms",
                "500",
                "--tenant",
                "3");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "entity_id  entity_type  b             a",
                        "        7  t            x\\u001b[2J  1.5",
                        "       12  t                         20");
        assertThat(run.err()).isEqualTo("2 entities from replica, at most 85 ms behind (realtime): point read\n");
        assertThat(atlas.requests).singleElement().hasToString("""
                {"filter":"a > 1","properties":["b","a"],"sortby":"-a","limit":100}""");
        assertThat(atlas.headers)
                .contains("X-tenant-id: 3", "X-freshness-requirement: interactive", "X-max-acceptable-lag-ms: 500");
    }

    @Test
    void saysThatAFilterIsInJson() throws IOException {
        atlas.answers(200, "{\"entities\":[],\"next_cursor\":null,\"count\":null}");

        CliRun.of("query", "{\"op\":\"isNull\",\"args\":[{\"property\":\"a\"}]}", "--url", atlas.url());

        assertThat(atlas.requests)
                .singleElement()
                .asString()
                .contains("\"filter\":\"{", "\"filter_lang\":\"cql2-json\"");
    }

    @Test
    void showsWhereAFilterIsWrong() throws IOException {
        atlas.answers(400, """
                {"type":"about:blank","title":"x","status":400,"code":"filter_syntax","detail":"a value is missing",
                 "position":{"line":1,"column":9,"offset":8},"hint":"Write a value after =."}""");

        CliRun run = CliRun.of("query", "score = AND b", "--url", atlas.url());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).isEqualTo("""
                atlas: a value is missing
                  score = AND b
                          ^
                  hint: Write a value after =.
                """);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aggregatesAsATable() throws IOException {
        atlas.answers(200, """
                {"groups":[{"key":{"c":"US"},"metrics":{"count":12,"avg(s)":25.5}},
                 {"key":{"c":null},"metrics":{"count":3,"avg(s)":null}}],"truncated":true}""");

        CliRun run = CliRun.of(
                "aggregate", "--group-by", "c", "--metric", "count", "--metric", "avg(s)", "--url", atlas.url());

        assertThat(run.out().lines()).containsExactly("c   count  avg(s)", "US     12    25.5", "        3");
        assertThat(run.err()).contains("there are more");
        assertThat(atlas.requests).singleElement().hasToString("""
                {"group_by":[{"attribute":"c"}],"metrics":[{"op":"count"},{"op":"avg","attribute":"s"}]}""");
    }

    @Test
    void statusNeverShowsTheUnknownAsZero() throws IOException {
        atlas.answers(200, """
                {"http":{"url":"http://x"},"sources":[{"source":"primary","bound_ms":0},{"source":"olap","bound_ms":null}]}""");

        assertThat(CliRun.of("status", "--url", atlas.url()).out().lines().map(String::stripTrailing))
                .containsExactly(
                        "tier",
                        "http  url=http://x",
                        "",
                        "source   bound_ms",
                        "primary         0",
                        "olap      unknown");
    }

    @Test
    void statusSaysHowFarCaptureIsBehindAndWhatItsSlotRetains() throws IOException {
        atlas.answers(200, """
                {"sources":[],"capture":{"state":"streaming",
                 "slot":{"name":"atlas","state":"streaming","why":"it is read from; its log is reserved",
                  "retained_bytes":50331648,"safe_bytes":1023410176,"limit_bytes":1073741824},
                 "lag":{"backlog_bytes":3145728,"backlog_events":4200,"events_per_second":1200.4,
                  "bytes_per_second":900000.0,"catch_up_ms":12500}}}""");

        assertThat(CliRun.of("status", "--url", atlas.url()).out().lines().map(String::stripTrailing))
                .containsExactly(
                        "tier",
                        "capture  streaming; behind by 3.0 MiB of log, about 4,200 events; 1,200 events/s applied; caught"
                                + " up in 13 s",
                        "slot     streaming; retains 48.0 MiB of at most 1024.0 MiB; 976.0 MiB until it may be lost");
    }

    @Test
    void statusSaysWhatIsNotKnownOfCaptureAndWhatIsWrongWithItsSlot() throws IOException {
        atlas.answers(200, """
                {"sources":[],"capture":{"state":"failed","failure":"connection refused",
                 "slot":{"name":"atlas","state":"unknown","why":"the primary did not answer: refused",
                  "retained_bytes":null,"safe_bytes":null,"limit_bytes":null},
                 "lag":{"backlog_bytes":null,"backlog_events":null,"events_per_second":0.0,
                  "bytes_per_second":null,"catch_up_ms":null}}}""");

        assertThat(CliRun.of("status", "--url", atlas.url()).out().lines().map(String::stripTrailing))
                .containsExactly(
                        "tier",
                        "capture  failed: connection refused; backlog unknown; 0 events/s applied",
                        "slot     unknown: the primary did not answer: refused");
    }

    @Test
    void exitCodesOfWrongUsageAndOfNoServer() {
        atlas.close();

        CliRun unreachable = CliRun.of("query", "--url", atlas.url());
        assertThat(unreachable.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(unreachable.err()).contains("./atlas up");
        assertThat(CliRun.of("query", "--url", "localhost").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(CliRun.of("query", "--limit", "0").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(CliRun.of("nonsense").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(CliRun.of("up", "--help").out()).contains("--no-sample-data");
        assertThat(CliRun.of().out()).contains("Commands:");
    }
}
