package com.atlasco.atlas.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.server.json.ItemReader;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ChunkReaderTest {

    private final List<Integer> chunks = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void largeItemsThatAreRefusedFillAChunkLikeThoseThatAreStored(HttpClient.Version version)
            throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpServer server = HttpService.await(vertx.createHttpServer()
                    .requestHandler(request -> {
                        RequestStream stream = RequestStream.of(vertx, request);
                        Thread.ofVirtual().start(() -> {
                            try {
                                read(stream);
                            } finally {
                                request.response().end();
                            }
                        });
                    })
                    .listen(0, "127.0.0.1"));
            String line = "{\"op\":\"" + "x".repeat(1 << 20) + "\"}\n";
            client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort()))
                            .version(version)
                            .POST(HttpRequest.BodyPublishers.ofString(line.repeat(12)))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        } finally {
            HttpService.await(vertx.close());
        }
        assertThat(chunks).containsExactly(4, 4, 4);
    }

    private void read(RequestStream stream) {
        // Nothing is handed over but what is full.
        BatchLimits limits = new BatchLimits(1_000, 4 << 20, Duration.ofHours(1));
        try (ChunkReader reader = ChunkReader.start(
                new NdjsonItems(stream), () -> new ItemReader(Registry.empty()), limits, System::nanoTime)) {
            for (Optional<Chunk> chunk = reader.next(); chunk.isPresent(); chunk = reader.next()) {
                chunks.add(chunk.get().size());
            }
        } catch (IOException failed) {
            chunks.add(-1);
        }
    }
}
