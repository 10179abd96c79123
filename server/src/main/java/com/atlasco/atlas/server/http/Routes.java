package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins the operations of the contract to what answers them, and failures to problems. */
final class Routes {

    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    /** What a restart of the node takes. */
    private static final Duration WHEN_BACK = Duration.ofSeconds(5);

    private static final String BATCH_PATH = "\\/api\\/v1\\/entities:batch";
    private static final String DELETE_PATH = "\\/api\\/v1\\/entities:delete";

    private final ExecutorService handlers;
    private final Map<String, HttpService.Handler> operations;
    private final BatchHandler batch;
    private final DeleteHandler delete;
    private final VerifyHandler verify;
    private final Authentication authentication;
    private final MeterRegistry meters;
    private final Map<Answered, Timer> timers = new ConcurrentHashMap<>();
    private final Semaphore places;

    /** What tells how the node is has to answer just when it has too much to do. */
    private static final Set<String> UNCOUNTED =
            Set.of("live", "ready", "replicationHealth", "alerts", "status", "metrics", "openapi");

    Routes(
            ExecutorService handlers,
            Authentication authentication,
            Map<String, HttpService.Handler> operations,
            BatchHandler batch,
            DeleteHandler delete,
            VerifyHandler verify,
            MeterRegistry meters,
            int maxRequests) {
        this.places = new Semaphore(maxRequests);
        this.handlers = handlers;
        this.authentication = authentication;
        this.operations = operations;
        this.batch = batch;
        this.delete = delete;
        this.verify = verify;
        this.meters = meters;
    }

    Router router(Vertx vertx, OpenAPIContract contract) {
        Router root = Router.router(vertx);
        root.route().handler(authentication::requireLoopback);
        root.route().handler(Routes::requireWellFormedTarget);
        root.route().handler(authentication::authenticate);
        // Before the others: its body is streamed, and its colon means something else to the router.
        root.postWithRegex(BATCH_PATH).handler(this::serveBatch);
        root.postWithRegex(DELETE_PATH).handler(Routes::requireJson);
        root.postWithRegex(DELETE_PATH)
                .handler(BodyHandler.create(false).setBodyLimit(HttpService.MAX_BODY_BYTES))
                .handler(context -> serveStreamed(
                        context, DeleteHandler.OPERATION, exchange -> delete.handle(exchange, context.request())));
        RouterBuilder builder = RouterBuilder.create(vertx, contract, RequestExtractor.withBodyHandler());
        builder.rootHandler(BodyHandler.create(false).setBodyLimit(HttpService.MAX_BODY_BYTES));
        for (OpenAPIRoute route : builder.getRoutes()) {
            String operation = route.getOperation().getOperationId();
            if (operation.equals(VerifyHandler.OPERATION)) {
                route.addHandler(context ->
                        serveStreamed(context, operation, exchange -> verify.handle(exchange, context.response())));
                route.addFailureHandler(Routes::fail);
                continue;
            }
            HttpService.Handler handler = operations.get(operation);
            if (handler == null) {
                throw new IllegalStateException("nothing answers the operation " + operation);
            }
            // Without a body nothing is left to validate, and each request would be sent through the pool for it.
            route.setDoValidation(route.getOperation().getRequestBody() != null);
            route.addHandler(context -> serve(context, operation, handler));
            route.addFailureHandler(Routes::fail);
        }
        root.routeWithRegex(BATCH_PATH).handler(context -> send(context, methodNotAllowed(context)));
        root.routeWithRegex(DELETE_PATH).handler(context -> send(context, methodNotAllowed(context)));
        root.post().handler(Routes::requireJson);
        root.put().handler(Routes::requireJson);
        root.patch().handler(Routes::requireJson);
        root.route().subRouter(builder.createRouter());
        root.errorHandler(404, context -> send(context, notFound(context)));
        root.errorHandler(405, context -> send(context, methodNotAllowed(context)));
        for (int status : new int[] {400, 413, 415, 500}) {
            root.errorHandler(status, Routes::fail);
        }
        return root;
    }

    /** What is decoded leniently further on would be stored and looked up as something the client never sent. */
    private static void requireWellFormedTarget(RoutingContext context) {
        if (RequestTarget.isWellFormed(context.request().uri())) {
            context.next();
        } else {
            // Not by context.fail: looking for failure handlers decodes the path, and fails in its turn.
            send(context, Reply.problem(RequestTarget.malformed()));
        }
    }

    /** Lets through what is JSON; a merge patch is validated as the JSON that it is. */
    private static void requireJson(RoutingContext context) {
        String type = MediaTypes.ofBody(context.request());
        boolean patch =
                context.request().method().equals(HttpMethod.PATCH) && type.equals("application/merge-patch+json");
        // Says all in its path, so it need not send a body.
        boolean restore = context.request().path().endsWith("/restore") && type.isEmpty();
        if (patch || restore || type.equals(MediaTypes.JSON)) {
            context.request().headers().set("Content-Type", MediaTypes.JSON);
            context.next();
        } else {
            send(context, Reply.problem(Failures.problem(null, 415)));
        }
    }

    private void serve(RoutingContext context, String operation, HttpService.Handler handler) {
        Context eventLoop = context.vertx().getOrCreateContext();
        onVirtualThread(context, operation, () -> {
            Timer.Sample sample = Timer.start(meters);
            Reply reply = answer(context, operation, handler);
            record(sample, operation, reply.status());
            eventLoop.runOnContext(ignored -> send(context, reply));
        });
    }

    private Reply answer(RoutingContext context, String operation, HttpService.Handler handler) {
        try {
            return handler.handle(authentication.exchange(context, operation));
        } catch (RuntimeException | Error failed) {
            return refusal(operation, failed);
        }
    }

    /** An error too is answered: a caller that hears nothing waits until its connection is given up. */
    private static Reply refusal(String operation, Throwable failed) {
        return failed instanceof ReadRefused refused
                ? refused.reply()
                : Reply.problem(Failures.problem(operation, failed));
    }

    private void serveBatch(RoutingContext context) {
        RequestStream stream = RequestStream.of(context.vertx(), context.request());
        serveStreamed(context, BatchHandler.OPERATION, exchange -> batch.handle(exchange, context.request(), stream));
    }

    /** Answers by itself, part by part. */
    private interface Streamed {
        void serve(Exchange exchange) throws IOException;
    }

    private void serveStreamed(RoutingContext context, String operation, Streamed handler) {
        Context eventLoop = context.vertx().getOrCreateContext();
        onVirtualThread(context, operation, () -> {
            Timer.Sample sample = Timer.start(meters);
            int status = 200;
            try {
                handler.serve(authentication.exchange(context, operation));
            } catch (IOException gone) {
                // Whole transactions only have been written; there is nobody to tell.
                LOG.debug("{} ended early", operation, gone);
                UnreadBody.close(context.request());
            } catch (RuntimeException | Error failed) {
                Reply reply = refusal(operation, failed);
                status = reply.status();
                eventLoop.runOnContext(ignored -> refuseStreamed(context, reply));
            }
            record(sample, operation, status);
        });
    }

    private static void refuseStreamed(RoutingContext context, Reply reply) {
        if (context.response().headWritten()) {
            UnreadBody.close(context.request());
        } else {
            send(context, reply);
        }
    }

    private void onVirtualThread(RoutingContext context, String operation, Runnable task) {
        boolean counted = !UNCOUNTED.contains(operation);
        if (counted && !places.tryAcquire()) {
            Counter.builder("atlas.http.turned_away")
                    .description("Requests that were answered 503 because too many were running")
                    .register(meters)
                    .increment();
            send(
                    context,
                    Reply.problem(Problem.of(ErrorCode.OVERLOADED, "this node runs as many requests as it can")
                            .hint("Try again shortly, with fewer requests at once.")));
            return;
        }
        try {
            handlers.execute(() -> {
                try {
                    task.run();
                } finally {
                    if (counted) {
                        places.release();
                    }
                }
            });
        } catch (RejectedExecutionException stopping) {
            if (counted) {
                places.release();
            }
            send(
                    context,
                    Reply.problem(Problem.of(ErrorCode.OVERLOADED, "the server is stopping")
                            .retryAfter(WHEN_BACK)));
        }
    }

    private void record(Timer.Sample sample, String operation, int status) {
        sample.stop(timers.computeIfAbsent(new Answered(operation, status), this::timer));
    }

    private record Answered(String operation, int status) {}

    private Timer timer(Answered answered) {
        return Timer.builder("atlas.http.requests")
                .description("Requests by operation and status, without the time on the network")
                .publishPercentileHistogram()
                .tag("operation", answered.operation())
                .tag("status", Integer.toString(answered.status()))
                .register(meters);
    }

    /** Answers what failed before a handler ran: the contract, the size of the body, the decoding of the path. */
    private static void fail(RoutingContext context) {
        send(context, Reply.problem(Failures.problem(context.failure(), context.statusCode())));
    }

    private static Reply notFound(RoutingContext context) {
        return Reply.problem(Problem.of(
                        ErrorCode.ROUTE_NOT_FOUND,
                        "there is nothing at " + context.request().path())
                .hint("GET /openapi.yaml describes all there is."));
    }

    private static Reply methodNotAllowed(RoutingContext context) {
        return Reply.problem(Problem.of(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        "%s does not take %s"
                                .formatted(
                                        context.request().path(),
                                        context.request().method()))
                .hint("GET /openapi.yaml describes what each path takes."));
    }

    /**
     * Answers. What the client has not sent yet of its body is dropped; of a long one it is told that the connection ends
     * with the answer. To be called on the event loop.
     */
    static void send(RoutingContext context, Reply reply) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(reply.status());
        if (!reply.contentType().isEmpty()) {
            response.putHeader("Content-Type", reply.contentType());
        }
        reply.headers().forEach(response::putHeader);
        HttpServerRequest request = context.request();
        if (!UnreadBody.isExpected(request)) {
            response.end(reply.body());
            return;
        }
        boolean last = UnreadBody.isLong(request) && request.version() != HttpVersion.HTTP_2;
        if (last) {
            response.putHeader("Connection", "close");
        }
        Future<Void> sent = response.end(reply.body());
        Future<Void> received = UnreadBody.drop(context.vertx(), request, UnreadBody.PATIENCE);
        if (last) {
            // The header alone closes nothing.
            Future.join(sent, received).onComplete(done -> UnreadBody.close(request));
        }
    }
}
