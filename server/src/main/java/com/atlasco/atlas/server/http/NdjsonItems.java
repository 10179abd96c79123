package com.atlasco.atlas.server.http;

import java.io.IOException;

/** Items as NDJSON: one JSON value a line; blank lines are passed over; a broken line breaks only itself. */
final class NdjsonItems implements BatchItems {

    private final BodyBuffer buffer;
    /** How many bytes behind the buffer's begin hold no line's end. */
    private int looked;

    private boolean skipping;

    NdjsonItems(RequestStream stream) {
        this.buffer = new BodyBuffer(stream);
    }

    @Override
    public Next next(long patienceNanos) throws IOException {
        Next found = look();
        if (!found.equals(WAITING) || buffer.atEnd()) {
            return found.equals(WAITING) ? lastLine() : found;
        }
        buffer.fill(patienceNanos);
        found = look();
        return found.equals(WAITING) && buffer.atEnd() ? lastLine() : found;
    }

    private Next look() {
        while (true) {
            int end = lineEnd();
            int from = buffer.from();
            looked = end - from;
            if (looked > MAX_ITEM_BYTES) {
                skipping = true;
            }
            if (end == buffer.to()) {
                if (skipping) {
                    buffer.take(end);
                    looked = 0;
                }
                return WAITING;
            }
            buffer.take(end + 1);
            looked = 0;
            if (skipping) {
                skipping = false;
                return new Next.Broken(BatchItems.tooLong());
            }
            if (!isBlank(buffer.bytes(), from, end)) {
                return new Next.Item(buffer, from, end - from);
            }
        }
    }

    private int lineEnd() {
        byte[] bytes = buffer.bytes();
        int end = buffer.from() + looked;
        while (end < buffer.to() && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    /** What stands behind the last line's end. */
    private Next lastLine() {
        int from = buffer.from();
        int length = buffer.to() - from;
        buffer.take(buffer.to());
        looked = 0;
        if (skipping) {
            skipping = false;
            return new Next.Broken(BatchItems.tooLong());
        }
        return isBlank(buffer.bytes(), from, from + length) ? END : new Next.Item(buffer, from, length);
    }

    @Override
    public boolean ended() {
        return buffer.ended() && !skipping;
    }

    @Override
    public void notJson() {
        // The next line is another one.
    }

    private static boolean isBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
