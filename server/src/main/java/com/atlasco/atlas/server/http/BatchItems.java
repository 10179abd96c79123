package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.io.IOException;

/** The items of a batch, cut out of its body one after the other. Used by one thread. */
interface BatchItems {

    /** The longest item that is read. */
    int MAX_ITEM_BYTES = 4 * 1024 * 1024;

    /** What comes next in the body. */
    sealed interface Next {

        /** An item's bytes; they stand there until the next call. */
        record Item(BodyBuffer buffer, int from, int length) implements Next {
            byte[] bytes() {
                return buffer.bytes();
            }
        }

        /** An item that cannot be read, or the place where the body can be read no further. */
        record Broken(Problem problem) implements Next {}

        /** No item is complete yet. */
        record Waiting() implements Next {}

        record End() implements Next {}
    }

    Next WAITING = new Next.Waiting();
    Next END = new Next.End();

    /** What comes next; waits for bytes once, and no longer than this. */
    Next next(long patienceNanos) throws IOException;

    /** Whether the end is known to be reached. */
    boolean ended();

    /** Says that the last item was no JSON. What follows a break in an array is not trusted; a line breaks only itself. */
    void notJson();

    static Problem tooLong() {
        return Problem.of(ErrorCode.PAYLOAD_TOO_LARGE, "the item is longer than %d bytes".formatted(MAX_ITEM_BYTES))
                .hint("Split it, or send less of it.");
    }
}
