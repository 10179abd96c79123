package com.atlasco.atlas.bench.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseParserTest {

    private static final String WITH_LENGTH =
            "HTTP/1.1 201 Created\r\ncontent-length: 5\r\nX-Data-Source: primary\r\n\r\nhello";
    private static final String CHUNKED = """
            HTTP/1.1 200 OK
            Transfer-Encoding: chunked

            4
            ab

            3;name=value
            cde
            0
            X-Consistency-Token: t

            """.replace("\n", "\r\n");
    private static final String EMPTY = "HTTP/1.1 204 No Content\r\n\r\n";

    @Test
    void aResponseIsTheSameHoweverItsBytesArrive() {
        for (int piece = 1; piece <= CHUNKED.length(); piece++) {
            assertThat(parse(WITH_LENGTH, piece)).isEqualTo("201 hello");
            assertThat(parse(CHUNKED, piece)).isEqualTo("200 ab\r\ncde");
            assertThat(parse(EMPTY, piece)).isEqualTo("204 ");
        }
    }

    @Test
    void theNextResponseIsLeftInTheBuffer() {
        ByteBuffer bytes = bytes(WITH_LENGTH + EMPTY);
        ResponseParser parser = new ResponseParser(true);

        assertThat(parser.feed(bytes, part -> {})).isTrue();
        assertThat(parser.status()).isEqualTo(201);
        assertThat(parser.headers()).contains("X-Data-Source: primary");
        parser.reset();
        assertThat(parser.feed(bytes, part -> {})).isTrue();
        assertThat(parser.status()).isEqualTo(204);
    }

    @Test
    void trailersCountAsHeaders() {
        ResponseParser parser = new ResponseParser(true);

        parser.feed(bytes(CHUNKED), part -> {});

        assertThat(parser.headers()).contains("X-Consistency-Token: t");
    }

    private static String parse(String response, int piece) {
        ResponseParser parser = new ResponseParser(false);
        StringBuilder body = new StringBuilder();
        boolean done = false;
        for (int from = 0; from < response.length(); from += piece) {
            assertThat(done).isFalse();
            done = parser.feed(
                    bytes(response.substring(from, Math.min(response.length(), from + piece))),
                    part -> body.append(StandardCharsets.ISO_8859_1.decode(part)));
        }
        assertThat(done).isTrue();
        return parser.status() + " " + body;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
