package com.atlasco.atlas.server.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request's body as a blocking stream with back-pressure: one chunk is asked of the connection when one is consumed,
 * so that at most {@value #AHEAD} chunks wait in memory. Read by one thread, fed by the event loop.
 */
final class RequestStream extends InputStream {

    private static final int AHEAD = 8;

    private sealed interface Event {
        record Chunk(Buffer buffer) implements Event {}

        record End() implements Event {}

        record Failure(Throwable cause) implements Event {}
    }

    private final HttpServerRequest request;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private byte[] current = new byte[0];
    private int offset;
    private @Nullable Event last;

    private RequestStream(HttpServerRequest request) {
        this.request = request;
    }

    /** Takes over the request's body; to be called on its event loop before anything has been read of it. */
    static RequestStream of(HttpServerRequest request) {
        RequestStream stream = new RequestStream(request);
        request.pause();
        request.handler((Buffer buffer) -> stream.events.add(new Event.Chunk(buffer)));
        request.endHandler(ended -> stream.events.add(new Event.End()));
        request.exceptionHandler(cause -> stream.events.add(new Event.Failure(cause)));
        request.fetch(AHEAD);
        return stream;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (offset == current.length) {
            if (!advance(Optional.empty())) {
                return -1;
            }
        }
        int count = Math.min(length, current.length - offset);
        System.arraycopy(current, offset, target, from, count);
        offset += count;
        return count;
    }

    /** Whether a byte can be read without waiting longer than this; true also at the end of the body. */
    boolean readyWithin(Duration patience) throws IOException {
        if (offset < current.length || last != null || !events.isEmpty()) {
            return true;
        }
        return advance(Optional.of(patience)) || last != null;
    }

    /** Whether the body is known to have ended, and all of it has been read. */
    boolean ended() {
        return offset == current.length && (last instanceof Event.End || events.peek() instanceof Event.End);
    }

    /** Takes the next event; false at the end of the body or when the patience ran out. */
    private boolean advance(Optional<Duration> patience) throws IOException {
        try {
            Event event = last;
            if (event == null) {
                event = patience.isPresent()
                        ? events.poll(patience.get().toMillis(), TimeUnit.MILLISECONDS)
                        : events.take();
            }
            switch (event) {
                case null -> {
                    return false;
                }
                case Event.Chunk(Buffer buffer) -> {
                    current = buffer.getBytes();
                    offset = 0;
                    request.fetch(1);
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
