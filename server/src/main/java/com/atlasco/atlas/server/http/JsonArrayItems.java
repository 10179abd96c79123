package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.io.IOException;

/**
 * Items as one JSON array, found by their brackets and quotation marks, so that each can be read when it has arrived.
 * What is behind a place that is not JSON cannot be read, and the array ends there.
 */
final class JsonArrayItems implements BatchItems {

    private static final String WRITTEN = "What came before this place has been written.";

    /** Where in the array the bytes at hand are. */
    private enum Place {
        BEFORE_ARRAY,
        BEFORE_FIRST,
        BEFORE_ITEM,
        IN_ITEM,
        BEHIND_ITEM,
        BEHIND_ARRAY,
        END
    }

    private final BodyBuffer buffer;
    private Place place = Place.BEFORE_ARRAY;
    /** How many bytes of the item have been looked at. */
    private int looked;

    private int depth;
    private boolean inString;
    private boolean escaped;

    JsonArrayItems(RequestStream stream) {
        this.buffer = new BodyBuffer(stream);
    }

    @Override
    public Next next(long patienceNanos) throws IOException {
        Next found = look();
        if (!found.equals(WAITING) || place == Place.END) {
            return found;
        }
        buffer.fill(patienceNanos);
        return buffer.atEnd() ? atEnd() : look();
    }

    private Next look() {
        while (place != Place.END) {
            if (place == Place.IN_ITEM) {
                return item();
            }
            if (buffer.from() == buffer.to()) {
                return WAITING;
            }
            byte unit = buffer.bytes()[buffer.from()];
            if (isBlank(unit)) {
                buffer.take(buffer.from() + 1);
                continue;
            }
            switch (place) {
                case BEFORE_ARRAY -> {
                    if (unit != '[') {
                        return broken(noArray());
                    }
                    step(Place.BEFORE_FIRST);
                }
                case BEFORE_FIRST, BEFORE_ITEM -> {
                    if (unit == ']' && place == Place.BEFORE_FIRST) {
                        step(Place.BEHIND_ARRAY);
                    } else if (unit == ',' || unit == ']') {
                        return broken(Problem.of(
                                        ErrorCode.INVALID_JSON,
                                        "this is not JSON: an item is missing before '%c'".formatted((char) unit))
                                .hint(WRITTEN));
                    } else {
                        place = Place.IN_ITEM;
                    }
                }
                // An item ends where one of these follows.
                case BEHIND_ITEM -> step(unit == ',' ? Place.BEFORE_ITEM : Place.BEHIND_ARRAY);
                default -> {
                    return broken(Problem.of(ErrorCode.INVALID_JSON, "there is something behind the array"));
                }
            }
        }
        return END;
    }

    private void step(Place next) {
        buffer.take(buffer.from() + 1);
        place = next;
    }

    private Next item() {
        byte[] bytes = buffer.bytes();
        int from = buffer.from();
        for (int at = from + looked; at < buffer.to(); at++) {
            byte unit = bytes[at];
            if (inString) {
                inString = escaped || unit != '"';
                escaped = !escaped && unit == '\\';
            } else if (depth == 0 && (unit == ',' || unit == ']')) {
                looked = 0;
                buffer.take(at);
                place = Place.BEHIND_ITEM;
                return at - from > MAX_ITEM_BYTES
                        ? broken(BatchItems.tooLong())
                        : new Next.Item(buffer, from, at - from);
            } else {
                switch (unit) {
                    case '"' -> inString = true;
                    case '{', '[' -> depth++;
                    case '}', ']' -> depth = Math.max(0, depth - 1);
                    default -> {}
                }
            }
        }
        looked = buffer.to() - from;
        return looked > MAX_ITEM_BYTES ? broken(BatchItems.tooLong()) : WAITING;
    }

    private Next atEnd() {
        Place reached = place;
        place = Place.END;
        return switch (reached) {
            case BEFORE_ARRAY -> broken(noArray());
            case BEHIND_ARRAY, END -> END;
            default ->
                broken(Problem.of(ErrorCode.INVALID_JSON, "the array is not closed")
                        .hint(WRITTEN));
        };
    }

    @Override
    public boolean ended() {
        return place == Place.END || (place == Place.BEHIND_ARRAY && buffer.ended());
    }

    @Override
    public void notJson() {
        place = Place.END;
    }

    private Next broken(Problem problem) {
        place = Place.END;
        return new Next.Broken(problem);
    }

    private static Problem noArray() {
        return Problem.of(ErrorCode.INVALID_JSON, "a batch is one JSON array of items")
                .hint("Send [ {item}, … ], or NDJSON with Content-Type: application/x-ndjson.");
    }

    private static boolean isBlank(byte unit) {
        return unit == ' ' || unit == '\t' || unit == '\r' || unit == '\n';
    }
}
