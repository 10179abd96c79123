package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.postgres.write.WriteResult;
import com.atlasco.atlas.server.json.Json;
import com.atlasco.atlas.server.json.ProblemJson;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * The answer to a batch. As NDJSON it is written as the results come, and has to be read while the body is sent; as a
 * JSON array it is kept, compressed by what it is (some 60 bytes an item), and sent at the end, for clients that read only
 * then. The token is a header when it is known before the first part is sent, and a trailer always. Not thread-safe.
 */
final class BatchResponse {

    private static final String TOKEN = "X-Consistency-Token";

    private final HttpServerResponse response;
    private final boolean ndjson;
    private boolean started;
    private final Buffer kept = Buffer.buffer();
    private boolean first = true;

    BatchResponse(HttpServerResponse response, boolean ndjson) {
        this.response = response;
        this.ndjson = ndjson;
    }

    /**
     * Writes results and waits until the connection has taken them.
     *
     * @param index the first one's place in the batch
     * @param last whether these are known to be the last
     */
    void add(int index, List<WriteResult> results, Optional<ConsistencyToken> token, boolean last) throws IOException {
        if (!started && ndjson) {
            start(last ? token : Optional.empty());
        }
        Buffer buffer = ndjson ? Buffer.buffer() : kept;
        for (int i = 0; i < results.size(); i++) {
            if (!ndjson) {
                buffer.appendString(first ? "[" : ",\n");
            }
            first = false;
            int place = index + i;
            WriteResult result = results.get(i);
            buffer.appendBytes(Json.bytes(json -> write(json, place, result)));
            if (ndjson) {
                buffer.appendString("\n");
            }
        }
        if (ndjson) {
            await(response.write(buffer));
        }
    }

    void end(Optional<ConsistencyToken> token) throws IOException {
        if (!started) {
            start(token);
        }
        token.ifPresent(last -> response.putTrailer(TOKEN, last.encode()));
        await(ndjson ? response.end() : response.end(kept.appendString(first ? "[]\n" : "]\n")));
    }

    private void start(Optional<ConsistencyToken> token) {
        started = true;
        response.setChunked(true);
        response.setStatusCode(200);
        response.putHeader("Content-Type", ndjson ? "application/x-ndjson" : "application/json");
        response.putHeader("Trailer", TOKEN);
        token.ifPresent(known -> response.putHeader(TOKEN, known.encode()));
    }

    private static void write(JsonGenerator json, int index, WriteResult result) throws IOException {
        json.writeStartObject();
        json.writeNumberField("index", index);
        writeMembers(json, result);
        json.writeEndObject();
    }

    private static void writeMembers(JsonGenerator json, WriteResult result) throws IOException {
        switch (result) {
            case WriteResult.Stored(long entityId, long version, boolean created) -> {
                json.writeNumberField("entity_id", entityId);
                json.writeNumberField("status", created ? 201 : 200);
                json.writeNumberField("version", version);
            }
            case WriteResult.Deleted(long entityId, long version) -> {
                json.writeNumberField("entity_id", entityId);
                json.writeNumberField("status", 204);
                json.writeNumberField("version", version);
            }
            case WriteResult.Replayed(WriteResult.Done first) -> {
                writeMembers(json, first);
                json.writeBooleanField("replayed", true);
            }
            case WriteResult.Refused(var problem) -> {
                json.writeNumberField("status", problem.code().httpStatus());
                json.writeFieldName("error");
                ProblemJson.write(json, problem);
            }
        }
    }

    private static void await(Future<Void> written) throws IOException {
        try {
            written.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException failed) {
            throw new IOException("the client went away", failed.getCause());
        }
    }
}
