package com.atlasco.atlas.server.http;

import com.atlasco.atlas.server.AtlasConfig.HttpConfig;
import com.atlasco.atlas.server.access.Gate;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.openapi.contract.OpenAPIContract;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Serves the contract over HTTP. The event loop reads and validates requests; each handler runs on a virtual thread of
 * its own, where it may block.
 */
public final class HttpService implements AutoCloseable {

    /** The largest body of a request that is read as a whole; batches are streamed and have no such limit. */
    public static final long MAX_BODY_BYTES = 16L * 1024 * 1024;

    private static final int MAX_REQUEST_LINE = 256 * 1024;

    private final Vertx vertx;
    private final ExecutorService handlers;
    private final HttpServer server;
    private final Duration grace;

    private HttpService(Vertx vertx, ExecutorService handlers, HttpServer server, Duration grace) {
        this.vertx = vertx;
        this.handlers = handlers;
        this.server = server;
        this.grace = grace;
    }

    /**
     * Starts to listen.
     *
     * @param grace how long requests under way may go on when the service is closed
     * @param gate finds out who sends a request
     * @param operations what answers each operation of the contract, by its operationId
     * @throws IllegalStateException when the contract and the operations do not agree, or the port is taken
     */
    static HttpService start(
            HttpConfig config,
            Duration grace,
            Gate gate,
            Map<String, Handler> operations,
            BatchHandler batch,
            DeleteHandler delete,
            VerifyHandler verify,
            MeterRegistry meters) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
        ExecutorService handlers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("http-", 0).factory());
        try {
            OpenAPIContract contract = await(OpenAPIContract.from(vertx, Contract.forValidation()));
            Router router = new Routes(
                            handlers,
                            new Authentication(gate, handlers),
                            operations,
                            batch,
                            delete,
                            verify,
                            meters,
                            config.maxRequests())
                    .router(vertx, contract);
            HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                            .setMaxInitialLineLength(MAX_REQUEST_LINE)
                            .setMaxHeaderSize(MAX_REQUEST_LINE)
                            .setCompressionSupported(true)
                            .setHandle100ContinueAutomatically(true)
                            .setIdleTimeout(120))
                    .requestHandler(router);
            await(server.listen(config.port(), config.host()));
            return new HttpService(vertx, handlers, server, grace);
        } catch (RuntimeException failed) {
            handlers.shutdownNow();
            vertx.close();
            throw failed;
        }
    }

    /** Whether an address that is listened on can be reached from this machine only. */
    public static boolean isLoopback(String host) {
        return LoopbackGuard.isLoopbackHost(host);
    }

    /** The port that is listened on. */
    public int port() {
        return server.actualPort();
    }

    /** Takes no more requests, lets those under way finish within the grace, and stops. */
    @Override
    public void close() {
        await(server.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty());
        handlers.shutdownNow();
        await(vertx.close().otherwiseEmpty());
    }

    static <T> T await(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (java.util.concurrent.CompletionException failed) {
            throw new IllegalStateException(failed.getMessage(), failed);
        }
    }

    /** Answers one operation; runs on a virtual thread. */
    @FunctionalInterface
    interface Handler {
        Reply handle(Exchange exchange);
    }
}
