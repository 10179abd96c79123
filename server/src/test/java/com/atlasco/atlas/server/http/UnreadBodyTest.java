package com.atlasco.atlas.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UnreadBodyTest {

    private static final long MUCH = 40L << 20;

    private static Vertx vertx;
    private static HttpServer server;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        Reply refusal = Reply.problem(Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "no"));
        router.route("/refused").handler(context -> Routes.send(context, refusal));
        // As a batch does whose array is broken: it is answered by another thread while its body waits.
        router.route("/answered").handler(context -> {
            RequestStream stream = RequestStream.of(context.vertx(), context.request());
            Thread.ofVirtual().start(() -> {
                stream.drop();
                context.response().end("x");
            });
        });
        router.route("/endless").handler(context -> {
            context.request().pause();
            context.response().end("x");
            UnreadBody.drop(context.vertx(), context.request(), Duration.ofMillis(100));
        });
        server = HttpService.await(
                vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    }

    @AfterAll
    static void stop() {
        HttpService.await(vertx.close());
    }

    @Test
    void whoSendsMuchBeforeReadingGetsTheRefusalAndThenTheEnd() throws IOException {
        try (RawConnection connection = new RawConnection(server.actualPort())) {
            connection.post("/refused", MUCH);
            assertThat(connection.answer()).startsWith("http/1.1 415").contains("connection: close");
            assertThat(connection.isEnded()).isTrue();
        }
    }

    @Test
    void aShortBodyThatIsRefusedLeavesTheConnectionAsItWas() throws IOException {
        try (RawConnection connection = new RawConnection(server.actualPort())) {
            for (int i = 0; i < 3; i++) {
                connection.post("/refused", 10_000);
                assertThat(connection.answer()).startsWith("http/1.1 415").doesNotContain("connection: close");
            }
            connection.send("GET /refused HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(connection.answer()).startsWith("http/1.1 415").doesNotContain("connection: close");
        }
    }

    @Test
    void whatIsAnsweredEarlyLeavesTheConnectionForTheNextRequest() throws IOException {
        try (RawConnection connection = new RawConnection(server.actualPort())) {
            for (int i = 0; i < 2; i++) {
                connection.post("/answered", MUCH);
                assertThat(connection.answer()).startsWith("http/1.1 200");
            }
        }
    }

    @Test
    void nobodyMaySendForEver() throws IOException {
        try (RawConnection connection = new RawConnection(server.actualPort())) {
            connection.send("POST /endless HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] chunk = ("8000\r\n" + "x".repeat(0x8000) + "\r\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertThatThrownBy(() -> {
                        while (true) {
                            connection.send(chunk);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }
}
