package com.atlasco.atlas.server.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/**
 * What is still to come of a body that nobody will read, because its request has been answered. It is dropped as it comes:
 * a client that sends before it reads would never come to its answer, and a connection that is closed on bytes that nobody
 * has read takes the answer with it. Nobody is listened to for ever: after a while the connection is closed all the same.
 * All of this runs on the request's event loop.
 */
final class UnreadBody {

    /** How long a client may go on sending what is dropped. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A body of at most so many bytes is better dropped than its connection made anew. */
    private static final long SHORT = 64 * 1024;

    private UnreadBody() {}

    /** Whether the request has a body of which something is to come. */
    static boolean isExpected(HttpServerRequest request) {
        return !request.isEnded()
                && (request.version() == HttpVersion.HTTP_2
                        || request.headers().contains("Transfer-Encoding")
                        || contentLength(request) > 0);
    }

    /** Whether so much of it may come that the client should rather know at once that nobody reads it. */
    static boolean isLong(HttpServerRequest request) {
        return request.headers().contains("Transfer-Encoding") || contentLength(request) > SHORT;
    }

    private static long contentLength(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length == null ? 0 : Long.parseLong(length);
    }

    /**
     * Drops what comes until the body ends, and closes the connection when that takes longer than {@code patience}. To be
     * called before the answer is waited for: it may not get through until the client has sent everything.
     *
     * @return completed at the body's end
     */
    static Future<Void> drop(Vertx vertx, HttpServerRequest request, Duration patience) {
        if (request.isEnded()) {
            return Future.succeededFuture();
        }
        Promise<Void> ended = Promise.promise();
        long timer = vertx.setTimer(patience.toMillis(), late -> close(request));
        request.handler(dropped -> {});
        request.exceptionHandler(gone -> {
            vertx.cancelTimer(timer);
            ended.tryFail(gone);
        });
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            ended.tryComplete();
        });
        request.resume();
        return ended.future();
    }

    /** Ends the connection, or of one that is shared, the request's part. */
    static void close(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(0);
        } else {
            request.connection().close();
        }
    }
}
