package com.atlasco.atlas.it.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestServer.class)
@Timeout(180)
class BatchIT {

    private static final int MEBI = 1 << 20;

    private final RunningServer server;
    private final ApiClient api;

    BatchIT(RunningServer server) {
        this.server = server;
        this.api = server.newTenant();
    }

    /** A batch whose body is written, and whose answer is read, byte by byte. */
    private final class Upload implements AutoCloseable {

        private final Socket socket;
        private final OutputStream out;
        private final BufferedReader in;

        Upload(String contentType, int receiveBuffer) throws IOException {
            this(contentType, "application/x-ndjson", receiveBuffer, api.tenant());
        }

        Upload(String contentType, String accept, int receiveBuffer, long tenant) throws IOException {
            socket = new Socket();
            socket.setReceiveBufferSize(receiveBuffer);
            socket.connect(new java.net.InetSocketAddress(
                    server.url().getHost(), server.url().getPort()));
            socket.setSoTimeout(60_000);
            out = socket.getOutputStream();
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            out.write(("POST /api/v1/entities:batch HTTP/1.1\r\nHost: localhost\r\nX-Tenant-Id: " + tenant
                            + "\r\nContent-Type: " + contentType + "\r\nAccept: " + accept + "\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n")
                    .getBytes(UTF_8));
        }

        void send(String text) throws IOException {
            byte[] bytes = text.getBytes(UTF_8);
            out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
            out.write(bytes);
            out.write("\r\n".getBytes(UTF_8));
            out.flush();
        }

        /** The next result line, whatever of HTTP stands between. */
        JsonNode result() throws IOException {
            while (true) {
                String line = in.readLine();
                if (line == null) {
                    throw new IOException("no more results");
                }
                if (line.startsWith("{")) {
                    return ApiClient.parse(line);
                }
            }
        }

        /** Sends the body's end. */
        void end() throws IOException {
            out.write("0\r\n\r\n".getBytes(UTF_8));
            out.flush();
        }

        /** The results of a whole answer, up to its end. */
        List<JsonNode> results() throws IOException {
            assertThat(in.readLine()).startsWith("HTTP/1.1 200");
            List<JsonNode> results = new ArrayList<>();
            for (String line = in.readLine(); !line.equals("0"); line = in.readLine()) {
                int from = line.indexOf("{\"index\"");
                if (from >= 0) {
                    results.add(ApiClient.parse(line.substring(from, line.lastIndexOf('}') + 1)));
                }
            }
            while (!in.readLine().isEmpty()) {
                // Trailers.
            }
            return results;
        }

        /** Sends a request of its own behind the batch. */
        String next(String request) throws IOException {
            out.write(request.getBytes(UTF_8));
            out.flush();
            return in.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String item(long id, String more) {
        return "{\"entity_id\":%d,\"entity_type\":\"t\",\"attributes\":{\"n\":%d%s}}\n".formatted(id, id, more);
    }

    private static String lines(long from, int count, String more) {
        StringBuilder lines = new StringBuilder();
        for (long id = from; id < from + count; id++) {
            lines.append(item(id, more));
        }
        return lines.toString();
    }

    private long countNow() {
        return api.get(
                        "/api/v1/entities?limit=1&count=exact&filter=" + ApiClient.encode("n > 0"),
                        "X-Freshness-Requirement",
                        "realtime")
                .expect(200)
                .json()
                .path("count")
                .path("value")
                .longValue();
    }

    @Test
    void anItemIsStoredAndAnsweredWhileTheClientStillThinksOfTheNext() throws IOException {
        api.register("n:number");
        for (String type : List.of("application/x-ndjson", "application/json")) {
            boolean array = type.equals("application/json");
            try (Upload upload = new Upload(type, 64 * 1024)) {
                upload.send(array ? "[" : "\n");
                for (int i = 1; i <= 12; i++) {
                    // Half of the next item is on its way: it must not hold up this one.
                    upload.send(item(i, "").strip() + (array ? "," : "\n") + "{\"entity_id\":9");
                    JsonNode result = upload.result();
                    assertThat(result.path("entity_id").longValue()).as(type).isEqualTo(i);
                    assertThat(result.path("token").isTextual()).isTrue();
                    upload.send("9%d,\"entity_type\":\"t\",\"attributes\":{}}%s".formatted(i, array ? "," : "\n"));
                    assertThat(upload.result().path("entity_id").longValue()).isEqualTo(Long.parseLong("99" + i));
                }
                // Nobody sends anything now: what is open stays open.
                await().atMost(Duration.ofSeconds(30)).until(() -> openTransactions() == 0);
            }
        }
    }

    private long openTransactions() {
        try (var connection = java.sql.DriverManager.getConnection(
                        server.database().jdbcUrl(),
                        server.database().superuser(),
                        server.database().password());
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
                                + " AND datname = current_database() AND now() - state_change > '50 ms'")) {
            rows.next();
            return rows.getLong(1);
        } catch (java.sql.SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void aClientThatNeverReadsIsHeldUpAndHoldsUpNobodyElse() throws IOException {
        api.register("n:number");
        AtomicLong sent = new AtomicLong();
        try (Upload upload = new Upload("application/x-ndjson", 4 * 1024)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                // Each refusal is answered with some 300 bytes: the answer outgrows what connections keep.
                String refused = "{\"entity_id\":1,\"entity_type\":\"t\",\"attributes\":{\"no such attribute\":1}}\n";
                try {
                    while (sent.get() < 512L * MEBI) {
                        upload.send(refused.repeat(500));
                        sent.addAndGet(500L * refused.length());
                    }
                } catch (IOException closed) {
                    // As it should be.
                }
            });
            long[] seen = {-1};
            await("the connection takes no more")
                    .atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> seen[0] == (seen[0] = sent.get()));
            assertThat(sent.get()).isLessThan(64L * MEBI);
            api.batch(item(7, "")).expect(200);
            upload.close();
            await().atMost(Duration.ofSeconds(20)).until(() -> !sender.isAlive());
        }
    }

    @Test
    void anEndlessUploadWhoseResultsAreReadSlowlyStaysBounded() throws Exception {
        api.register("n:number");
        AtomicLong sent = new AtomicLong();
        try (Upload upload = new Upload("application/x-ndjson", 4 * 1024)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        upload.send("{\"entity_id\":1,\"entity_type\":\"t\",\"x\":1}\n".repeat(500));
                        sent.addAndGet(500);
                    }
                } catch (IOException closed) {
                    // As it should be.
                }
            });
            long most = 0;
            for (int read = 0; read < 60_000; read++) {
                assertThat(upload.result().path("index").intValue()).isEqualTo(read);
                if (read % 5_000 == 0) {
                    java.util.concurrent.locks.LockSupport.parkNanos(
                            Duration.ofMillis(50).toNanos());
                }
                most = Math.max(most, sent.get() - read);
            }
            // Two chunks, and what the buffers of two connections hold: never what has been sent in all.
            assertThat(most).isLessThan(400_000);
            upload.close();
            sender.join(Duration.ofSeconds(20));
            assertThat(sender.isAlive()).isFalse();
        }
    }

    @Test
    void aClientThatGoesAwayLeavesAPrefixOfItsItems() throws IOException {
        api.register("n:number");
        int answered = 0;
        try (Upload upload = new Upload("application/x-ndjson", 64 * 1024)) {
            upload.send(lines(1, 3_500, ""));
            upload.send("{\"entity_id\":3501,\"entity_type\":\"t\"");
            while (answered < 1_000) {
                assertThat(upload.result().path("status").intValue()).isEqualTo(201);
                answered++;
            }
        }
        long[] seen = {-1};
        await().pollInterval(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(30))
                .until(() -> seen[0] == (seen[0] = countNow()));
        assertThat(seen[0]).isBetween((long) answered, 3_500L);
        for (long id : new long[] {1, seen[0] / 2, seen[0]}) {
            api.entity(id, "X-Freshness-Requirement", "realtime").expect(200);
        }
        api.entity(seen[0] + 1, "X-Freshness-Requirement", "realtime").expect(404);
    }

    @Test
    void itemsOfOneEntityTakeEffectInTheirOrder() {
        api.register("n:number", "s:text");
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 2_500; i++) {
            lines.append(item(1 + i % 3, ",\"s\":\"" + i + "\""));
            if (i % 100 == 0) {
                lines.append("{\"op\":\"delete\",\"entity_id\":3}\n");
            }
        }
        Answer answer = api.batch(lines.toString()).expect(200);
        assertThat(IntStream.range(0, answer.json().size())
                        .mapToObj(i -> answer.json().get(i).path("index").intValue()))
                .containsExactlyElementsOf(IntStream.range(0, 2_525).boxed().toList());
        assertThat(api.entity(2, "X-Freshness-Requirement", "realtime")
                        .json()
                        .path("attributes")
                        .path("s")
                        .textValue())
                .isEqualTo("2500");
        assertThat(api.entity(1, "X-Freshness-Requirement", "realtime")
                        .json()
                        .path("attributes")
                        .path("s")
                        .textValue())
                .isEqualTo("2499");
        api.entity(3, "X-Freshness-Requirement", "realtime").expect(404);
    }

    @Test
    void anArrayIsCutAtItsItemsWhateverTheyHold() {
        api.register("n:number", "j:json");
        String[] items = {
            "{\"entity_id\":1,\"entity_type\":\"a]b,c\",\"attributes\":{\"j\":[[1,\"]\\\"}\",{\"x\":\"\\\\\"}],2]}}",
            " {\"entity_id\":2,\"entity_type\":\"t\"} ",
            "17",
            "\"},{\"",
            "{\"entity_id\":3,\"entity_type\":\"t\"}"
        };
        Answer answer = api.post("/api/v1/entities:batch", " [" + String.join(",\n", items) + "]\n")
                .expect(200);
        assertThat(answer.json().findValuesAsText("status")).startsWith("201", "201", "400");
        assertThat(answer.json()).hasSize(5);
        assertThat(api.entity(1, "X-Freshness-Requirement", "realtime")
                        .json()
                        .path("attributes")
                        .path("j"))
                .isEqualTo(ApiClient.parse("[[1,\"]\\\"}\",{\"x\":\"\\\\\"}],2]"));
        for (String broken : List.of("[,]", "[1,]", "{}", "", "[{\"entity_id\":1}} ,{}]", "[] x", "[nul]", "[\"a]")) {
            assertThat(api.post("/api/v1/entities:batch", broken).expect(200).json())
                    .as(broken)
                    .isNotEmpty()
                    .allMatch(result -> result.path("status").intValue() == 400)
                    .last()
                    .matches(result -> !result.path("error").path("hint").isMissingNode()
                            || !result.path("error").path("detail").asText().isBlank());
        }
    }

    @Test
    void whoSendsBeforeReadingIsAnsweredWhereTheArrayIsBrokenAndGoesOn() throws IOException {
        api.register("n:number");
        try (Upload upload =
                new Upload("Application/JSON; charset=utf-8", "application/json", 64 * 1024, api.tenant())) {
            upload.send("[" + item(1, "") + "," + item(2, "") + ",{\"entity_id\":3,,},");
            String more = item(4, ",\"x\":\"" + "y".repeat(64 * 1024) + "\"") + ",";
            for (int i = 0; i < 400; i++) {
                upload.send(more);
            }
            upload.send(item(5, "") + "]");
            upload.end();
            assertThat(upload.results())
                    .extracting(result -> result.path("status").intValue())
                    .containsExactly(201, 201, 400);
            assertThat(upload.next("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
        }
        assertThat(countNow()).isEqualTo(2);
    }

    @Test
    void whatFailsBehindAResultIsTheLastResult() throws IOException {
        for (String accept : List.of("application/json", "application/x-ndjson")) {
            ApiClient own = server.newTenant();
            try (Upload upload = new Upload("application/x-ndjson", accept, 64 * 1024, own.tenant())) {
                upload.send("{\"entity_id\":1,\"entity_type\":\"t\"}\n{\"entity_id\":2,\"entity_type\":\"t\"}\n");
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> own.entity(2, "X-Freshness-Requirement", "realtime")
                                        .status()
                                == 200);
                own.delete("/api/v1/admin/tenants/" + own.tenant()).expect(202);
                upload.send("{\"entity_id\":3,\"entity_type\":\"t\"}\n");
                upload.end();
                List<JsonNode> results = upload.results();
                assertThat(results)
                        .as(accept)
                        .extracting(result -> result.path("status").intValue())
                        .containsExactly(201, 201, 410);
                assertThat(results.getLast().path("index").intValue()).isEqualTo(2);
                assertThat(results.getLast().path("error").path("code").textValue())
                        .isEqualTo("tenant_gone");
            }
        }
    }

    @Test
    void deletesWhatAFilterKeepsAndNothingElse() {
        api.register("n:number", "s:text");
        api.batch(lines(1, 2_600, ",\"s\":\"x\"") + lines(5_001, 10, "")).expect(200);

        assertThat(delete("{\"filter\":\"s = 'x' AND n > 100\",\"dry_run\":true}")
                        .expect(200)
                        .json()
                        .path("matching")
                        .intValue())
                .isEqualTo(2_500);
        assertThat(countNow()).isEqualTo(2_610);
        Answer limited =
                delete("{\"filter\":\"s = 'x' AND n > 100\",\"limit\":1100}").expect(200);
        assertThat(limited.json().path("deleted").intValue()).isEqualTo(1_100);
        assertThat(limited.json().path("done").booleanValue()).isTrue();
        api.entity(1_200, ApiClient.TOKEN, limited.header(ApiClient.TOKEN)).expect(404);
        api.entity(1_201, ApiClient.TOKEN, limited.header(ApiClient.TOKEN)).expect(200);

        List<JsonNode> progress = delete("{\"filter\":\"s = 'x' AND n > 100\"}", "Accept", "application/x-ndjson")
                .expect(200)
                .body()
                .lines()
                .map(ApiClient::parse)
                .toList();
        assertThat(progress).extracting(line -> line.path("deleted").intValue()).containsExactly(1_000, 1_400, 1_400);
        assertThat(progress.getLast().path("done").booleanValue()).isTrue();
        assertThat(countNow()).isEqualTo(110);
        assertThat(delete("{\"all\":true}").expect(200).json().path("deleted").intValue())
                .isEqualTo(110);
        assertThat(countNow()).isZero();
    }

    @Test
    void aDeletionSaysWhatItDoesNotUnderstand() {
        api.register("n:number");
        for (String body : List.of(
                "{}",
                "{\"filter\":\"\"}",
                "{\"filter\":\"n > 1\",\"all\":true}",
                "{\"filter\":7}",
                "{\"filter\":\"n > 1\",\"limit\":0}",
                "{\"filter\":\"n > 1\",\"dryrun\":true}",
                "[]")) {
            assertThat(delete(body).expect(400).json().path("code").textValue())
                    .as(body)
                    .isEqualTo("invalid_request");
        }
        Answer search =
                api.post("/api/v1/entities/search", "{\"filter\":\"m > 1\"}").expect(400);
        assertThat(delete("{\"filter\":\"m > 1\"}").expect(400).json()).isEqualTo(search.json());
        api.get("/api/v1/entities:delete").expect(405);
    }

    private Answer delete(String body, String... headers) {
        return api.post("/api/v1/entities:delete", body, headers);
    }
}
