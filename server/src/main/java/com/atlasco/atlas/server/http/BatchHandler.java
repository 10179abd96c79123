package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.write.WriteOutcome;
import com.atlasco.atlas.postgres.write.WriteResult;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.Writes;
import com.atlasco.atlas.server.json.ItemReader;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Writes a batch as it comes: items are gathered into transactions, and each transaction's results are on their way
 * before the next one begins. A transaction is open only while it is written, never while the client is waited for.
 * Blocks; called on a thread of its own.
 */
final class BatchHandler {

    static final String OPERATION = "writeBatch";

    private final Tenants tenants;
    private final Writes writes;
    private final BatchLimits limits;
    private final LongSupplier ticker;

    BatchHandler(Tenants tenants, Writes writes, BatchLimits limits, LongSupplier ticker) {
        this.tenants = tenants;
        this.writes = writes;
        this.limits = limits;
        this.ticker = ticker;
    }

    /**
     * Reads the body to its end and answers. What fails before the first result is thrown; behind one it is the last
     * result, because the caller has to learn what was written.
     */
    void handle(Exchange exchange, HttpServerRequest request, RequestStream stream) throws IOException {
        TenantId tenant = exchange.tenant();
        BatchItems items = items(request, stream);
        String hint = "Say it of each item: \"if_version\" and \"idempotency_key\" are members of items.";
        exchange.refuseConditions(hint);
        exchange.refuseIdempotencyKey(hint);
        BatchResponse response = new BatchResponse(request.response(), MediaTypes.acceptsNdjson(request));
        Optional<ConsistencyToken> token = Optional.empty();
        try (ChunkReader chunks =
                ChunkReader.start(items, () -> new ItemReader(tenants.registryOrEmpty(tenant)), limits, ticker)) {
            try {
                for (Optional<Chunk> chunk = chunks.next(); chunk.isPresent(); chunk = chunks.next()) {
                    Written written = write(tenant, chunk.get());
                    token = written.token().isPresent() ? written.token() : token;
                    response.add(
                            written.results(),
                            written.token(),
                            token,
                            chunk.get().isLast());
                }
            } catch (RuntimeException | Error failed) {
                if (!response.hasResults()) {
                    throw failed;
                }
                WriteResult last = new WriteResult.Refused(Failures.problem(OPERATION, failed));
                response.add(List.of(last), Optional.empty(), token, true);
            }
        }
        // An array that is broken, or a failure, ends before the body does.
        stream.drop();
        response.end(token);
    }

    private record Written(List<WriteResult> results, Optional<ConsistencyToken> token) {}

    private Written write(TenantId tenant, Chunk chunk) {
        if (chunk.writes().isEmpty()) {
            return new Written(chunk.results(List.of()), Optional.empty());
        }
        try {
            tenants.createIfMissing(tenant);
            WriteOutcome outcome = writes.writeSlowed(tenant, chunk.writes());
            return new Written(chunk.results(outcome.results()), Optional.of(new ConsistencyToken(outcome.position())));
        } catch (RuntimeException | Error failed) {
            return new Written(chunk.results(Failures.problem(OPERATION, failed)), Optional.empty());
        }
    }

    private static BatchItems items(HttpServerRequest request, RequestStream stream) {
        String type = MediaTypes.ofBody(request);
        return switch (type) {
            case MediaTypes.NDJSON, "application/ndjson", "application/jsonl" -> new NdjsonItems(stream);
            case MediaTypes.JSON -> new JsonArrayItems(stream);
            default ->
                throw Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "a batch is not taken as '%s'".formatted(type))
                        .at("Content-Type")
                        .hint("Send application/x-ndjson, or application/json with one array.")
                        .asException();
        };
    }
}
