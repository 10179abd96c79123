package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.model.ValueParser;

/** How deep JSON values go: what no reader could read again must not be stored. */
final class JsonDepth {

    private JsonDepth() {}

    static boolean isWithinLimit(Document document) {
        for (Value value : document.values().values()) {
            if (value instanceof Value.JsonValue(String json) && !isWithinLimit(json)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWithinLimit(String json) {
        // Each level takes two characters at least: nearly every value is done with here.
        if (json.length() <= 2 * ValueParser.MAX_JSON_DEPTH) {
            return true;
        }
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < json.length(); i++) {
            char unit = json.charAt(i);
            if (quoted) {
                if (unit == '\\') {
                    i++;
                } else if (unit == '"') {
                    quoted = false;
                }
            } else if (unit == '"') {
                quoted = true;
            } else if (unit == '[' || unit == '{') {
                depth++;
                if (depth > ValueParser.MAX_JSON_DEPTH) {
                    return false;
                }
            } else if (unit == ']' || unit == '}') {
                depth--;
            }
        }
        return true;
    }
}
