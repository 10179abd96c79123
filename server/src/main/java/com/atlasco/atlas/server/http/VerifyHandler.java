package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.server.verify.ComparedSource;
import com.atlasco.atlas.server.verify.Finding;
import com.atlasco.atlas.server.verify.Verifier;
import com.atlasco.atlas.server.verify.VerifyListener;
import com.atlasco.atlas.server.verify.VerifyProgress;
import com.atlasco.atlas.server.verify.VerifyRequest;
import com.atlasco.atlas.server.verify.VerifySummary;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Compares the tiers, and tells a line at a time. Each line waits until the connection has taken the one before; when the
 * client goes away the comparison ends. Blocks; called on a thread of its own.
 */
final class VerifyHandler {

    static final String OPERATION = "verify";

    private static final long PROGRESS_EVERY = TimeUnit.MILLISECONDS.toNanos(200);

    private final Verifier verifier;
    private final LongSupplier ticker;

    VerifyHandler(Verifier verifier, LongSupplier ticker) {
        this.verifier = verifier;
        this.ticker = ticker;
    }

    /** Compares and answers; problems before the first line are thrown. */
    void handle(Exchange exchange, HttpServerResponse response) throws IOException {
        VerifyRequest request = request(exchange.body());
        Lines lines = new Lines(response);
        VerifySummary summary;
        try {
            summary = verifier.verify(request, lines);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("the server is stopping", stopping);
        } catch (RuntimeException | Error failed) {
            if (!response.headWritten()) {
                throw failed;
            }
            lines.end(VerifyOutput.failure(Failures.problem(OPERATION, failed)));
            return;
        }
        lines.end(VerifyOutput.summary(summary));
    }

    private static VerifyRequest request(JsonNode body) {
        Set<TenantId> tenants = new HashSet<>();
        body.path("tenants").forEach(tenant -> tenants.add(new TenantId(tenant.longValue())));
        Set<ComparedSource> sources = new HashSet<>();
        for (JsonNode source : body.path("sources")) {
            sources.add(ComparedSource.ofWireName(source.asText())
                    .orElseThrow(() -> Problem.of(
                                    ErrorCode.INVALID_REQUEST, "there is no source '%s'".formatted(source.asText()))
                            .at("/sources")
                            .hint("It is pivot, replica or olap.")
                            .asException()));
        }
        double sample = body.path("sample").asDouble(1);
        if (!(sample > 0 && sample <= 1)) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "a sample is above 0 and at most 1")
                    .at("/sample")
                    .hint("0.01 compares about one entity in a hundred.")
                    .asException();
        }
        return new VerifyRequest(tenants, sources, sample, body.path("repair").asBoolean(false));
    }

    /** The answer as it goes. */
    private final class Lines implements VerifyListener {

        private final HttpServerResponse response;
        private long next = ticker.getAsLong();

        Lines(HttpServerResponse response) {
            this.response = response;
        }

        @Override
        public void progress(VerifyProgress progress) throws IOException {
            requireOpen();
            long now = ticker.getAsLong();
            if (now - next >= 0) {
                next = now + PROGRESS_EVERY;
                start();
                Delivery.await(response.write(VerifyOutput.progress(progress)));
            }
        }

        @Override
        public void finding(Finding finding) throws IOException {
            requireOpen();
            start();
            Delivery.await(response.write(VerifyOutput.finding(finding)));
        }

        void end(Buffer line) throws IOException {
            requireOpen();
            start();
            Delivery.await(response.end(line));
        }

        private void requireOpen() throws IOException {
            if (response.closed()) {
                throw new IOException("the client went away");
            }
        }

        private void start() {
            if (!response.headWritten()) {
                response.setChunked(true);
                response.setStatusCode(200);
                response.putHeader("Content-Type", MediaTypes.NDJSON);
            }
        }
    }
}
