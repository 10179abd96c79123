package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;

/** The items of a batch, one after the other. Not thread-safe. */
interface BatchItems {

    /** One item: its JSON, or why it has none. */
    sealed interface Item {
        record Json(JsonNode node) implements Item {}

        record Broken(Problem problem) implements Item {}
    }

    /** The next item; empty at the end. */
    Optional<Item> next() throws IOException;

    /** Whether another item, or the end, is likely at hand without a long wait. */
    boolean ready() throws IOException;

    /** Whether the end is known to be reached. */
    boolean ended() throws IOException;

    /** The longest item that is read. */
    int MAX_ITEM_BYTES = 4 * 1024 * 1024;

    static Problem tooLong() {
        return Problem.of(ErrorCode.PAYLOAD_TOO_LARGE, "the item is longer than %d bytes".formatted(MAX_ITEM_BYTES))
                .hint("Split it, or send less of it.");
    }
}
