package com.atlasco.atlas.bench.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads HTTP/1.1 responses as their bytes come, with Content-Length or chunked. Not thread-safe. */
final class ResponseParser {

    private static final int LONGEST_LINE = 16 * 1024;

    private enum State {
        STATUS_LINE,
        HEADER,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        DONE
    }

    /** Hears the parts of a body, as they are between position and limit; what it leaves unread is passed over. */
    @FunctionalInterface
    interface Body {
        void part(ByteBuffer bytes);
    }

    private final byte[] line = new byte[LONGEST_LINE];
    private final StringBuilder headers = new StringBuilder();
    private final boolean keepsHeaders;
    private State state = State.STATUS_LINE;
    private int lineLength;
    private int status;
    private long left;
    private boolean chunked;

    ResponseParser(boolean keepsHeaders) {
        this.keepsHeaders = keepsHeaders;
    }

    /** Gets ready for the next response. */
    void reset() {
        state = State.STATUS_LINE;
        lineLength = 0;
        status = 0;
        left = 0;
        chunked = false;
        headers.setLength(0);
    }

    int status() {
        return status;
    }

    /** The lines of the head and the trailers, where they are kept. */
    String headers() {
        return headers.toString();
    }

    /**
     * Takes bytes up to the response's end.
     *
     * @return whether that has been reached
     * @throws IllegalStateException for what is not HTTP
     */
    boolean feed(ByteBuffer bytes, Body body) {
        while (state != State.DONE && bytes.hasRemaining()) {
            switch (state) {
                case BODY, CHUNK -> pass(bytes, body);
                default -> {
                    byte next = bytes.get();
                    if (next == '\n') {
                        int length = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
                        lineLength = 0;
                        line(length);
                    } else {
                        line[lineLength++] = next;
                    }
                }
            }
        }
        return state == State.DONE;
    }

    private void pass(ByteBuffer bytes, Body body) {
        int taken = (int) Math.min(left, bytes.remaining());
        int limit = bytes.limit();
        int end = bytes.position() + taken;
        bytes.limit(end);
        body.part(bytes);
        bytes.limit(limit);
        bytes.position(end);
        left -= taken;
        if (left == 0) {
            state = state == State.BODY ? State.DONE : State.CHUNK_END;
        }
    }

    private void line(int length) {
        switch (state) {
            case STATUS_LINE -> {
                if (length < 12 || line[0] != 'H') {
                    throw new IllegalStateException("not HTTP: " + text(length));
                }
                status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
                state = State.HEADER;
            }
            case HEADER -> {
                if (length > 0) {
                    header(length);
                } else if (chunked) {
                    state = State.CHUNK_SIZE;
                } else {
                    state = left > 0 ? State.BODY : State.DONE;
                }
            }
            case CHUNK_SIZE -> {
                left = Long.parseLong(text(length).split(";", 2)[0].strip(), 16);
                state = left > 0 ? State.CHUNK : State.TRAILER;
            }
            case CHUNK_END -> state = State.CHUNK_SIZE;
            case TRAILER -> {
                if (length == 0) {
                    state = State.DONE;
                } else if (keepsHeaders) {
                    headers.append(text(length)).append('\n');
                }
            }
            case BODY, CHUNK, DONE -> throw new IllegalStateException("no line is read as " + state);
        }
    }

    private void header(int length) {
        if (keepsHeaders) {
            headers.append(text(length)).append('\n');
        }
        // Most headers say nothing to us: only these two begin like this and are worth a string.
        if (starts(length, "content-length:")) {
            left = Long.parseLong(text(length).substring(15).strip());
        } else if (starts(length, "transfer-encoding:")) {
            chunked = text(length).toLowerCase(Locale.ROOT).contains("chunked");
        }
    }

    private boolean starts(int length, String name) {
        if (length < name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if ((line[i] | 0x20) != (name.charAt(i) | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private String text(int length) {
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }
}
