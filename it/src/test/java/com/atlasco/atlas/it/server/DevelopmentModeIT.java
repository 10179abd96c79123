package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.TestCluster;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that asks for no key is open to this machine's programs, and to no web page. */
@ExtendWith({TestCluster.class, TestServer.class})
class DevelopmentModeIT {

    private static final byte[] NOTHING = {};
    private static final byte[] ENTITY = "{\"entity_type\":\"t\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private final URI server;

    DevelopmentModeIT(RunningServer server) {
        this.server = server.url();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "10.0.0.1"})
    void aNameThatWasBoundToTheLoopbackIsRefused(String host) throws IOException {
        RawHttp.Answer answer = RawHttp.send(server, "GET", "/api/v1/attributes", Map.of("Host", host), NOTHING);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("foreign_origin");
    }

    @Test
    void aPageOfAnotherOriginWritesNothing() throws IOException {
        Map<String, String> headers =
                Map.of("Origin", "https://evil.example", "Content-Type", "application/json", "X-Tenant-Id", "880001");
        assertThat(RawHttp.send(server, "POST", "/api/v1/entities", headers, ENTITY)
                        .status())
                .isEqualTo(403);
        assertThat(RawHttp.send(server, "GET", "/api/v1/entities", Map.of("X-Tenant-Id", "880001"), NOTHING)
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080"})
    void thisMachineIsServed(String host) throws IOException {
        Map<String, String> headers = Map.of("Host", host, "Origin", "http://localhost:3000");
        assertThat(RawHttp.send(server, "GET", "/api/v1/attributes", headers, NOTHING)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"If-Match", "If-None-Match", "If-Unmodified-Since"})
    void aConditionThatIsNotKeptIsRefusedAndNothingIsWritten(String condition) throws IOException {
        Map<String, String> headers =
                Map.of(condition, "W/\"1\"", "Content-Type", "application/json", "X-Tenant-Id", "880002");
        RawHttp.Answer answer = RawHttp.send(server, "PUT", "/api/v1/entities/7", headers, ENTITY);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains(condition);
        assertThat(RawHttp.send(server, "GET", "/api/v1/entities/7", Map.of("X-Tenant-Id", "880002"), NOTHING)
                        .status())
                .isEqualTo(404);
    }
}
