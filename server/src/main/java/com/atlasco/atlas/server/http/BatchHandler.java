package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.WriteOutcome;
import com.atlasco.atlas.postgres.write.WriteResult;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.Writes;
import com.atlasco.atlas.server.json.EntityInput;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a batch as it comes: items are gathered into transactions, and each transaction's results go out before the
 * next items are read. Blocks; called on a thread of its own.
 */
final class BatchHandler {

    /** Large enough to share a commit among many items, small enough to keep locks and answers short. */
    private static final int ITEMS_PER_TRANSACTION = 1_000;

    /** Keeps a chunk of large items from filling the heap. */
    private static final int BYTES_PER_TRANSACTION = 8 * 1024 * 1024;

    private final Tenants tenants;
    private final Writes writes;

    BatchHandler(Tenants tenants, Writes writes) {
        this.tenants = tenants;
        this.writes = writes;
    }

    /** Reads the body to its end and answers; problems before the first result are thrown. */
    void handle(Exchange exchange, HttpServerRequest request, RequestStream stream) throws IOException {
        TenantId tenant = exchange.tenant();
        BatchItems items = items(request, stream);
        exchange.refuseConditions();
        BatchResponse response = new BatchResponse(request.response(), acceptsNdjson(request));
        Optional<ConsistencyToken> token = Optional.empty();
        int index = 0;
        Optional<BatchItems.Item> ahead = items.next();
        while (ahead.isPresent()) {
            List<BatchItems.Item> chunk = chunk(ahead.get(), items);
            Written written = write(tenant, chunk);
            token = written.token().isPresent() ? written.token() : token;
            // A client that sends no more without a result gets it; one whose body ends here gets the token up front.
            ahead = items.ready() ? items.next() : Optional.empty();
            response.add(index, written.results(), token, ahead.isEmpty() && items.ended());
            index += chunk.size();
            ahead = ahead.isPresent() ? ahead : items.next();
        }
        response.end(token);
    }

    private record Written(List<WriteResult> results, Optional<ConsistencyToken> token) {}

    private Written write(TenantId tenant, List<BatchItems.Item> chunk) {
        EntityInput input = new EntityInput(tenants.registryOrEmpty(tenant));
        List<WriteResult> results = new ArrayList<>(chunk.size());
        List<EntityWrite> accepted = new ArrayList<>(chunk.size());
        for (BatchItems.Item item : chunk) {
            switch (item) {
                case BatchItems.Item.Broken(Problem problem) -> results.add(new WriteResult.Refused(problem));
                case BatchItems.Item.Json(var node, int _) -> {
                    try {
                        accepted.add(input.batchItem(node));
                        results.add(PENDING);
                    } catch (AtlasException refused) {
                        results.add(new WriteResult.Refused(refused.problem()));
                    }
                }
            }
        }
        if (accepted.isEmpty()) {
            return new Written(results, Optional.empty());
        }
        try {
            tenants.createIfMissing(tenant);
            WriteOutcome outcome = writes.writeSlowed(tenant, accepted);
            var written = outcome.results().iterator();
            results.replaceAll(result -> result.equals(PENDING) ? written.next() : result);
            return new Written(results, Optional.of(new ConsistencyToken(outcome.position())));
        } catch (AtlasException failed) {
            results.replaceAll(result -> result.equals(PENDING) ? new WriteResult.Refused(failed.problem()) : result);
            return new Written(results, Optional.empty());
        }
    }

    /** Stands where a result will be; no real result has an entity id of 0. */
    private static final WriteResult PENDING = new WriteResult.Deleted(0, 0);

    private static List<BatchItems.Item> chunk(BatchItems.Item first, BatchItems items) throws IOException {
        List<BatchItems.Item> chunk = new ArrayList<>();
        chunk.add(first);
        long bytes = size(first);
        while (chunk.size() < ITEMS_PER_TRANSACTION && bytes < BYTES_PER_TRANSACTION && items.ready()) {
            Optional<BatchItems.Item> item = items.next();
            if (item.isEmpty()) {
                break;
            }
            chunk.add(item.get());
            bytes += size(item.get());
        }
        return chunk;
    }

    private static long size(BatchItems.Item item) {
        return switch (item) {
            case BatchItems.Item.Json(var _, int size) -> size;
            case BatchItems.Item.Broken _ -> 0;
        };
    }

    private static BatchItems items(HttpServerRequest request, RequestStream stream) throws IOException {
        String type = Optional.ofNullable(request.getHeader("Content-Type"))
                .map(text -> text.split(";", 2)[0].trim())
                .orElse("");
        return switch (type) {
            case "application/x-ndjson", "application/ndjson", "application/jsonl" -> new NdjsonItems(stream);
            case "application/json" -> new JsonArrayItems(stream);
            default ->
                throw Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "a batch is not taken as '%s'".formatted(type))
                        .at("Content-Type")
                        .hint("Send application/x-ndjson, or application/json with one array.")
                        .asException();
        };
    }

    private static boolean acceptsNdjson(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("Accept"))
                .filter(accept -> accept.contains("application/x-ndjson"))
                .isPresent();
    }
}
