package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.model.JsonBytes;
import com.atlasco.atlas.postgres.write.WriteResult;
import com.atlasco.atlas.server.json.Json;
import com.atlasco.atlas.server.json.ProblemJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a batch. As NDJSON it is written as the results come, and has to be read while the body is sent. As a JSON
 * array it is kept for clients that read only when they have sent everything; beyond {@value #MOST_KEPT} bytes, some 60,000
 * items, it too is written as it comes, because no answer may fill the heap. The token is a header when it is known before
 * the first part is sent, and a trailer always; of NDJSON also in each transaction's last line. Not thread-safe.
 */
final class BatchResponse {

    private static final String TOKEN = "X-Consistency-Token";
    private static final int MOST_KEPT = 4 * 1024 * 1024;

    private final HttpServerResponse response;
    private final boolean ndjson;
    private final JsonBytes text = new JsonBytes(64 * 1024);
    private Future<Void> underWay = Future.succeededFuture();
    private boolean started;
    private long index;

    BatchResponse(HttpServerResponse response, boolean ndjson) {
        this.response = response;
        this.ndjson = ndjson;
    }

    /**
     * Sends results on their way; waits until the connection has taken those before them, so that a client that does not
     * read holds its own batch up and nothing else.
     *
     * @param own the token of the transaction of these results
     * @param newest the newest token so far
     * @param last whether these are known to be the last
     */
    void add(List<WriteResult> results, Optional<ConsistencyToken> own, Optional<ConsistencyToken> newest, boolean last)
            throws IOException {
        for (int i = 0; i < results.size(); i++) {
            if (!ndjson) {
                text.raw(index == 0 ? "[" : ",\n");
            }
            write(results.get(i), ndjson && i == results.size() - 1 ? own : Optional.empty());
            if (ndjson) {
                text.put('\n');
            }
            index++;
        }
        if (ndjson || text.size() > MOST_KEPT) {
            start(last ? newest : Optional.empty());
            send();
        }
    }

    /** Whether the caller is told, or will be, what became of an item. */
    boolean hasResults() {
        return index > 0;
    }

    void end(Optional<ConsistencyToken> token) throws IOException {
        start(token);
        if (!ndjson) {
            text.raw(index == 0 ? "[]\n" : "]\n");
            send();
        }
        Delivery.await(underWay);
        token.ifPresent(last -> response.putTrailer(TOKEN, last.encode()));
        Delivery.await(response.end());
    }

    private void send() throws IOException {
        Delivery.await(underWay);
        if (text.size() > 0) {
            underWay = response.write(Buffer.buffer(text.toByteArray()));
            text.clear();
        }
    }

    private void start(Optional<ConsistencyToken> token) {
        if (started) {
            return;
        }
        started = true;
        response.setChunked(true);
        response.setStatusCode(200);
        response.putHeader("Content-Type", ndjson ? MediaTypes.NDJSON : MediaTypes.JSON);
        response.putHeader("Trailer", TOKEN);
        token.ifPresent(known -> response.putHeader(TOKEN, known.encode()));
    }

    private void write(WriteResult result, Optional<ConsistencyToken> token) {
        text.raw("{\"index\":").number(index);
        switch (result) {
            case WriteResult.Done done -> written(done);
            case WriteResult.Replayed(WriteResult.Done first) -> {
                written(first);
                text.raw(",\"replayed\":true");
            }
            case WriteResult.Refused(var problem) ->
                text.raw(",\"status\":")
                        .number(problem.code().httpStatus())
                        .raw(",\"error\":")
                        .raw(Json.bytes(json -> ProblemJson.write(json, problem)));
        }
        token.ifPresent(own -> text.raw(",\"token\":").string(own.encode()));
        text.put('}');
    }

    private void written(WriteResult.Done done) {
        int status = switch (done) {
            case WriteResult.Stored stored -> stored.created() ? 201 : 200;
            case WriteResult.Deleted _ -> 204;
        };
        text.raw(",\"entity_id\":").number(done.entityId());
        text.raw(",\"status\":").number(status);
        text.raw(",\"version\":").number(done.version());
    }
}
