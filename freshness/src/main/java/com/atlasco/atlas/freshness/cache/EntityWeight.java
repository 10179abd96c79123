package com.atlasco.atlas.freshness.cache;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Value;

/** What a copy takes in memory: an estimate that errs upwards. */
final class EntityWeight {

    /** The key, the map's node, the copy, its permit, the entity and its empty document. */
    private static final int BASE = 480;

    /** An attribute's id and its reference, with the room that arrays leave. */
    private static final int PLACE = 24;

    private static final int OBJECT = 24;
    private static final int TEXT = 72;

    private EntityWeight() {}

    static int bytes(Entity entity) {
        long bytes = BASE + text(entity.entityType());
        for (Value value : entity.document().values().values()) {
            bytes += PLACE
                    + switch (value) {
                        case Value.NumberValue _, Value.TimestampValue _, Value.BoolValue _ -> OBJECT;
                        case Value.TextValue(String text) -> text(text);
                        case Value.JsonValue(String json) -> text(json);
                    };
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    private static long text(String text) {
        return TEXT + 2L * text.length();
    }
}
