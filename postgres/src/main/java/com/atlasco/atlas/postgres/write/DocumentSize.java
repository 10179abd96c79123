package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Value;
import java.nio.charset.StandardCharsets;

/** What documents take in their stored form. */
final class DocumentSize {

    private DocumentSize() {}

    /**
     * The document's encoded size in bytes, or, where that is small enough for sure, an upper bound of it: encoding
     * every document a second time would cost more than all else that is checked of a write.
     */
    static int atMost(Document document, int limit) {
        long bound = 2;
        for (Value value : document.values().values()) {
            bound += 40 + bound(value);
        }
        if (bound <= limit) {
            return (int) bound;
        }
        return DocumentCodec.encode(document).getBytes(StandardCharsets.UTF_8).length;
    }

    /** A UTF-16 unit takes at most three bytes in UTF-8, and a control character six as an escape. */
    private static long bound(Value value) {
        return switch (value) {
            case Value.TextValue(String text) -> 6L * text.length();
            case Value.JsonValue(String json) -> 3L * json.length();
            case Value.NumberValue _, Value.BoolValue _, Value.TimestampValue _ -> 30;
        };
    }
}
