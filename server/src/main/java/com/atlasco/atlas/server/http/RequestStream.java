package com.atlasco.atlas.server.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request's body with back-pressure: one chunk is asked of the connection when one is consumed, so that at most
 * {@value #AHEAD} chunks wait in memory, and a client that is not read from is held up by its connection. Read by one
 * thread, fed by the event loop.
 */
final class RequestStream {

    private static final int AHEAD = 8;

    private sealed interface Event {
        record Chunk(Buffer buffer) implements Event {}

        record End() implements Event {}

        record Failure(Throwable cause) implements Event {}
    }

    private final Vertx vertx;
    private final Context eventLoop;
    private final HttpServerRequest request;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private Buffer current = Buffer.buffer();
    private int offset;
    private @Nullable Event last;

    private RequestStream(Vertx vertx, HttpServerRequest request) {
        this.vertx = vertx;
        this.eventLoop = vertx.getOrCreateContext();
        this.request = request;
    }

    /** Takes over the request's body; to be called on its event loop before anything has been read of it. */
    static RequestStream of(Vertx vertx, HttpServerRequest request) {
        RequestStream stream = new RequestStream(vertx, request);
        request.pause();
        request.handler((Buffer buffer) -> stream.events.add(new Event.Chunk(buffer)));
        request.endHandler(ended -> stream.events.add(new Event.End()));
        request.exceptionHandler(cause -> stream.events.add(new Event.Failure(cause)));
        request.fetch(AHEAD);
        return stream;
    }

    /**
     * Reads what there is, waiting when there is nothing.
     *
     * @param patienceNanos how long to wait at most
     * @return how many bytes were read, 0 when none came in time, -1 at the end of the body
     * @throws IOException when the client went away, or the thread was interrupted
     */
    int read(byte[] target, int from, int length, long patienceNanos) throws IOException {
        if (offset == current.length() && !advance(patienceNanos)) {
            return last instanceof Event.End ? -1 : 0;
        }
        int count = Math.min(length, current.length() - offset);
        current.getBytes(offset, offset + count, target, from);
        offset += count;
        return count;
    }

    /** Whether the body is known to have ended, and all of it has been read. */
    boolean ended() {
        return offset == current.length() && (last instanceof Event.End || events.peek() instanceof Event.End);
    }

    /** Drops what has not been read; see {@link UnreadBody}. */
    void drop() {
        eventLoop.runOnContext(ignored -> UnreadBody.drop(vertx, request, UnreadBody.PATIENCE));
    }

    private void fetch() {
        try {
            request.fetch(1);
        } catch (IllegalStateException ended) {
            // HTTP/2's requests refuse to be asked when they have ended, which they may at any moment.
        }
    }

    /** Takes the next event; false at the end of the body or when the patience ran out. */
    private boolean advance(long patienceNanos) throws IOException {
        try {
            switch (last == null ? events.poll(patienceNanos, TimeUnit.NANOSECONDS) : last) {
                case null -> {
                    return false;
                }
                case Event.Chunk(Buffer buffer) -> {
                    current = buffer;
                    offset = 0;
                    fetch();
                    return true;
                }
                case Event.End end -> {
                    last = end;
                    return false;
                }
                case Event.Failure failure -> {
                    last = failure;
                    throw new IOException("the client went away", failure.cause());
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading the request", interrupted);
        }
    }
}
