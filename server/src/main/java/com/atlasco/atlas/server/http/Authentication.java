package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.server.access.Caller;
import com.atlasco.atlas.server.access.Gate;
import com.atlasco.atlas.server.access.Permissions;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out who sends a request before anything of its body is read. */
final class Authentication {

    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
    private static final String CALLER = "atlas.caller";
    private static final String BEARER = "bearer ";

    /** For load balancers, and for whoever wants to know how to ask. */
    private static final Set<String> OPEN =
            Set.of("/health/live", "/health/ready", "/openapi.yaml", "/conformance", "/api/v1/conformance");

    private final Gate gate;
    private final ExecutorService threads;

    Authentication(Gate gate, ExecutorService threads) {
        this.gate = gate;
        this.threads = threads;
    }

    /** Without keys, only this machine's programs are served. */
    void requireLoopback(RoutingContext context) {
        Optional<Problem> refusal = gate.keysRequired() ? Optional.empty() : LoopbackGuard.refusal(context.request());
        refusal.ifPresentOrElse(problem -> Routes.send(context, Reply.problem(problem)), context::next);
    }

    /** Goes on with the caller known, or answers that the key is missing or wrong. */
    void authenticate(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (OPEN.contains(request.path())) {
            proceed(context, new Caller.Anyone());
            return;
        }
        Optional<String> key = presented(request);
        try {
            gate.recognise(key).ifPresentOrElse(caller -> proceed(context, caller), () -> lookUp(context, key));
        } catch (AtlasException refused) {
            refuse(context, refused.problem());
        }
    }

    /** The request as the handlers of an operation see it, which the caller may ask for. */
    Exchange exchange(RoutingContext context, String operation) {
        Caller caller = context.get(CALLER);
        Permissions.require(
                caller,
                operation,
                context.request().method().name(),
                // As the router sees it: no spelling of a path asks for less than another.
                context.normalizedPath());
        return new Exchange(context, caller);
    }

    /** The primary may have to be asked: on a thread that may block, while the body waits. */
    private void lookUp(RoutingContext context, Optional<String> key) {
        Context eventLoop = context.vertx().getOrCreateContext();
        context.request().pause();
        Runnable task = () -> {
            Runnable then;
            try {
                Caller caller = gate.identify(key);
                then = () -> {
                    proceed(context, caller);
                    // After whoever wants the body has said so; a batch asks for its body bit by bit.
                    if (!context.normalizedPath().endsWith(":batch")) {
                        context.request().resume();
                    }
                };
            } catch (AtlasException refused) {
                then = () -> refuse(context, refused.problem());
            } catch (RuntimeException | Error failed) {
                LOG.error("a key could not be looked up", failed);
                then = () -> refuse(
                        context,
                        Problem.of(ErrorCode.INTERNAL, "this is a mistake of the server, and has been logged"));
            }
            Runnable next = then;
            eventLoop.runOnContext(ignored -> next.run());
        };
        try {
            threads.execute(task);
        } catch (RejectedExecutionException stopping) {
            refuse(context, Problem.of(ErrorCode.OVERLOADED, "the server is stopping"));
        }
    }

    private static void proceed(RoutingContext context, Caller caller) {
        context.put(CALLER, caller);
        context.next();
    }

    private static void refuse(RoutingContext context, Problem problem) {
        // Of no effect but after a look-up: a request that stays paused would hold up the next one of its connection.
        context.request().resume();
        Routes.send(context, Reply.problem(problem));
    }

    private static Optional<String> presented(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("Authorization"))
                .map(String::trim)
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> header.substring(BEARER.length()).trim())
                .or(() -> Optional.ofNullable(request.getHeader("X-Api-Key")).map(String::trim));
    }
}
