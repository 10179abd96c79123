package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.freshness.FallbackStrategy;
import com.atlasco.atlas.freshness.FreshnessClass;
import com.atlasco.atlas.freshness.ReadRequest.Shape;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.tenant.Scope;
import com.atlasco.atlas.postgres.write.EntityDeleter.Deletion;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.EntityCount;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.Writes;
import com.atlasco.atlas.server.Writes.PartDeleted;
import com.atlasco.atlas.server.json.Json;
import com.atlasco.atlas.server.json.ProblemJson;
import com.atlasco.atlas.server.read.ReadOptions;
import com.atlasco.atlas.server.read.ReadService;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Deletes what a filter keeps: page by page in the order of ids, each page found on the primary and deleted in a
 * transaction of its own that looks again. It holds nothing between the pages, so it may be cut off and sent again.
 * Blocks; called on a thread of its own.
 */
final class DeleteHandler {

    static final String OPERATION = "deleteEntities";

    /**
     * How long a caller that sees no progress is kept waiting: with the longest that one page takes, well below what ends
     * an idle connection.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final ReadOptions PRIMARY = new ReadOptions(
            FreshnessClass.REALTIME,
            Optional.empty(),
            FallbackStrategy.PRIMARY,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private final Tenants tenants;
    private final Writes writes;
    private final ReadService reads;
    private final LongSupplier ticker;

    DeleteHandler(Tenants tenants, Writes writes, ReadService reads, LongSupplier ticker) {
        this.tenants = tenants;
        this.writes = writes;
        this.reads = reads;
        this.ticker = ticker;
    }

    /** Deletes and answers; problems before the first page are thrown. */
    void handle(Exchange exchange, HttpServerRequest request) throws IOException {
        TenantId tenant = exchange.tenant();
        exchange.refuseConditions("A deletion by filter is harmless to send again.");
        DeleteRequest wanted = DeleteRequest.of(exchange.body());
        if (wanted.reads()) {
            exchange.require(Scope.READ);
        }
        Filter filter = wanted.bind(tenants.registry(tenant));
        Progress progress = new Progress(request);
        if (wanted.dryRun()) {
            long matching = reads.read(
                            PRIMARY,
                            Shape.FILTER,
                            reader -> reader.count(tenant, filter, EntityCount.Wanted.EXACT)
                                    .value())
                    .value();
            progress.dryRun(Math.min(matching, wanted.limit()));
            return;
        }
        FilterDeletion deletion = new FilterDeletion(
                new Matching(tenant, filter),
                wanted.limit(),
                progress.isSeen() ? Optional.empty() : Optional.of(PATIENCE),
                ticker);
        boolean done;
        try {
            done = deletion.run(progress::add);
        } catch (RuntimeException | Error failed) {
            progress.failed(Failures.problem(OPERATION, failed));
            return;
        }
        progress.end(done);
    }

    /** What a filter keeps of a tenant. */
    private final class Matching implements FilterDeletion.Entities {

        private final TenantId tenant;
        private final Filter filter;

        Matching(TenantId tenant, Filter filter) {
            this.tenant = tenant;
            this.filter = filter;
        }

        @Override
        public int mostAtOnce(int most) {
            return writes.mostAtOnce(tenant, most);
        }

        @Override
        public EntityPage find(int most, Optional<Cursor> after) {
            EntityQuery query = new EntityQuery(filter, List.of(), most, after);
            return reads.read(PRIMARY, Shape.FILTER, reader -> reader.find(tenant, query))
                    .value();
        }

        @Override
        public PartDeleted delete(List<Long> entityIds) {
            return writes.deleteMatching(tenant, filter, entityIds);
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
            this.lines = MediaTypes.acceptsNdjson(request);
        }

        /** Whether the caller sees how far it is. */
        boolean isSeen() {
            return lines;
        }

        void add(Deletion deletion) throws IOException {
            deleted += deletion.deleted();
            token = Optional.of(new ConsistencyToken(deletion.position()));
            if (response.closed()) {
                throw new IOException("the client went away");
            }
            if (lines) {
                start();
                Delivery.await(response.write(line(false, Optional.empty())));
            }
        }

        void dryRun(long matching) throws IOException {
            start();
            Delivery.await(response.end(Buffer.buffer(Json.bytes(json -> {
                        json.writeStartObject();
                        json.writeNumberField("matching", matching);
                        json.writeNumberField("deleted", 0);
                        json.writeBooleanField("done", true);
                        json.writeEndObject();
                    }))
                    .appendString("\n")));
        }

        void end(boolean done) throws IOException {
            token.filter(known -> !response.headWritten())
                    .ifPresent(known -> response.putHeader("X-Consistency-Token", known.encode()));
            start();
            Delivery.await(response.end(line(done, Optional.empty())));
        }

        /** To whoever reads no lines it is a problem like any, that says how far it came. */
        void failed(Problem problem) throws IOException {
            if (!response.headWritten()) {
                throw (deleted > 0 ? problem.figure("deleted", deleted) : problem).asException();
            }
            Delivery.await(response.end(line(false, Optional.of(problem))));
        }

        private void start() {
            if (!response.headWritten()) {
                response.setChunked(true);
                response.setStatusCode(200);
                response.putHeader("Content-Type", lines ? MediaTypes.NDJSON : MediaTypes.JSON);
            }
        }

        private Buffer line(boolean done, Optional<Problem> problem) {
            return Buffer.buffer(Json.bytes(json -> {
                        json.writeStartObject();
                        json.writeNumberField("deleted", deleted);
                        json.writeBooleanField("done", done);
                        if (token.isPresent()) {
                            json.writeStringField("token", token.get().encode());
                        }
                        if (problem.isPresent()) {
                            json.writeFieldName("error");
                            ProblemJson.write(json, problem.get());
                        }
                        json.writeEndObject();
                    }))
                    .appendString("\n");
        }
    }
}
