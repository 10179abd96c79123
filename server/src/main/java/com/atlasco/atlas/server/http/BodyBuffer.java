package com.atlasco.atlas.server.http;

import java.io.IOException;

/** The part of a body in which the next item is looked for. Grows as far as one item needs. Used by one thread. */
final class BodyBuffer {

    private static final int CAPACITY = 64 * 1024;

    private final RequestStream stream;
    private byte[] bytes = new byte[CAPACITY];
    private int from;
    private int to;
    private boolean atEnd;

    BodyBuffer(RequestStream stream) {
        this.stream = stream;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where what has not been taken begins. */
    int from() {
        return from;
    }

    /** Where what has been read ends. */
    int to() {
        return to;
    }

    /** Takes everything before this place. */
    void take(int place) {
        from = place;
    }

    /** Whether there is nothing to be read behind {@link #to}. */
    boolean atEnd() {
        return atEnd;
    }

    /** Whether all has been taken, and the body is known to have ended. */
    boolean ended() {
        return from == to && (atEnd || stream.ended());
    }

    /**
     * Reads on, waiting no longer than this. What has not been taken may move to the array's begin.
     *
     * @return whether anything came
     */
    boolean fill(long patienceNanos) throws IOException {
        if (from == to) {
            from = 0;
            to = 0;
            // The room that one long item took is not kept for the rest of the body.
            bytes = bytes.length > CAPACITY ? new byte[CAPACITY] : bytes;
        } else if (to == bytes.length) {
            byte[] roomier = to - from > bytes.length / 2 ? new byte[bytes.length * 2] : bytes;
            System.arraycopy(bytes, from, roomier, 0, to - from);
            bytes = roomier;
            to -= from;
            from = 0;
        }
        int count = stream.read(bytes, to, bytes.length - to, patienceNanos);
        atEnd = count < 0;
        to += Math.max(0, count);
        return count > 0;
    }
}
