package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.freshness.FallbackStrategy;
import com.atlasco.atlas.freshness.FreshnessClass;
import com.atlasco.atlas.freshness.ReadRequest.Shape;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.write.EntityDeleter.Deletion;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.Writes;
import com.atlasco.atlas.server.json.Json;
import com.atlasco.atlas.server.json.ProblemJson;
import com.atlasco.atlas.server.read.ReadOptions;
import com.atlasco.atlas.server.read.ReadService;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * Deletes what a filter keeps: page by page in the order of ids, each page found on the primary and deleted in a
 * transaction of its own that looks again. It holds nothing between the pages, so it may be cut off and sent again.
 * Blocks; called on a thread of its own.
 */
final class DeleteHandler {

    /** Few enough to keep locks short, as in batches. */
    private static final int PAGE = 1_000;

    private static final ReadOptions PRIMARY =
            new ReadOptions(FreshnessClass.REALTIME, Optional.empty(), FallbackStrategy.PRIMARY, Optional.empty());

    private final Tenants tenants;
    private final Writes writes;
    private final ReadService reads;

    DeleteHandler(Tenants tenants, Writes writes, ReadService reads) {
        this.tenants = tenants;
        this.writes = writes;
        this.reads = reads;
    }

    /** Deletes and answers; problems before the first page are thrown. */
    void handle(Exchange exchange, HttpServerRequest request) throws IOException {
        TenantId tenant = exchange.tenant();
        exchange.refuseConditions("A deletion by filter is harmless to send again.");
        DeleteRequest wanted = DeleteRequest.of(exchange.body());
        Filter filter = wanted.bind(tenants.registry(tenant));
        Progress progress = new Progress(request);
        if (wanted.dryRun()) {
            long matching = reads.read(PRIMARY, Shape.FILTER, reader -> reads.count(reader, tenant, filter))
                    .value();
            progress.dryRun(Math.min(matching, wanted.limit()));
            return;
        }
        try {
            Optional<Cursor> after = Optional.empty();
            do {
                int most = (int) Math.min(PAGE, wanted.limit() - progress.deleted);
                EntityQuery query = new EntityQuery(filter, Optional.empty(), most, after);
                EntityPage page = reads.read(PRIMARY, Shape.FILTER, reader -> reader.find(tenant, query))
                        .value();
                if (!page.entities().isEmpty()) {
                    progress.add(writes.deleteMatching(
                            tenant,
                            filter,
                            page.entities().stream().map(Entity::entityId).toList()));
                }
                after = page.next();
            } while (after.isPresent() && progress.deleted < wanted.limit());
            progress.done();
        } catch (AtlasException failed) {
            progress.failed(failed);
        }
    }

    /** The answer: lines as it goes for those who accept NDJSON, else one object at the end. */
    private static final class Progress {

        private final HttpServerResponse response;
        private final boolean lines;
        private long deleted;
        private Optional<ConsistencyToken> token = Optional.empty();

        Progress(HttpServerRequest request) {
            this.response = request.response();
            this.lines = Optional.ofNullable(request.getHeader("Accept"))
                    .filter(accept -> accept.contains("application/x-ndjson"))
                    .isPresent();
        }

        void add(Deletion deletion) throws IOException {
            deleted += deletion.deleted();
            token = Optional.of(new ConsistencyToken(deletion.position()));
            if (response.closed()) {
                throw new IOException("the client went away");
            }
            if (lines) {
                start();
                await(response.write(line(false, Optional.empty())));
            }
        }

        void dryRun(long matching) throws IOException {
            start();
            await(response.end(Buffer.buffer(Json.bytes(json -> {
                        json.writeStartObject();
                        json.writeNumberField("matching", matching);
                        json.writeNumberField("deleted", 0);
                        json.writeBooleanField("done", true);
                        json.writeEndObject();
                    }))
                    .appendString("\n")));
        }

        void done() throws IOException {
            token.filter(known -> !response.headWritten())
                    .ifPresent(known -> response.putHeader("X-Consistency-Token", known.encode()));
            start();
            await(response.end(line(true, Optional.empty())));
        }

        /** Whoever reads lines learns how far it came; to the others it is a problem like any. */
        void failed(AtlasException failure) throws IOException {
            if (!response.headWritten()) {
                throw failure;
            }
            await(response.end(line(false, Optional.of(failure))));
        }

        private void start() {
            if (!response.headWritten()) {
                response.setChunked(true);
                response.setStatusCode(200);
                response.putHeader("Content-Type", lines ? "application/x-ndjson" : "application/json");
            }
        }

        private Buffer line(boolean done, Optional<AtlasException> failure) {
            return Buffer.buffer(Json.bytes(json -> {
                        json.writeStartObject();
                        json.writeNumberField("deleted", deleted);
                        json.writeBooleanField("done", done);
                        if (token.isPresent()) {
                            json.writeStringField("token", token.get().encode());
                        }
                        if (failure.isPresent()) {
                            json.writeFieldName("error");
                            ProblemJson.write(json, failure.get().problem());
                        }
                        json.writeEndObject();
                    }))
                    .appendString("\n");
        }

        private static void await(io.vertx.core.Future<Void> written) throws IOException {
            try {
                written.toCompletionStage().toCompletableFuture().join();
            } catch (CompletionException failed) {
                throw new IOException("the client went away", failed.getCause());
            }
        }
    }
}
