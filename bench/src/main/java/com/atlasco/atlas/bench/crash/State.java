package com.atlasco.atlas.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * An entity's attributes, each by the number of the write that set it; empty means that there is no such entity. Every
 * value is made of that number, and so tells which write it is of.
 */
record State(boolean exists, Map<String, Long> writes) {

    static final String NUMBER = "crash_number";
    static final String TEXT = "crash_text";
    static final String TIMESTAMP = "crash_at";
    static final String BOOL = "crash_even";
    static final String JSON = "crash_json";
    static final String UNINDEXED = "crash_plain";

    /** Data type by attribute; all but the last are filterable. */
    static final Map<String, String> TYPES = new TreeMap<>(
            Map.of(NUMBER, "number", TEXT, "text", TIMESTAMP, "ts", BOOL, "bool", JSON, "json", UNINDEXED, "number"));

    static final State ABSENT = new State(false, Map.of());

    private static final long EPOCH_SECOND = 1_600_000_000;

    /** Stands for a value that no write can have made. */
    private static final long FOREIGN = -1;

    State {
        writes = Map.copyOf(writes);
    }

    /** The value that a write gives to an attribute, as JSON text. */
    static String value(String attribute, long write) {
        return switch (attribute) {
            case NUMBER, UNINDEXED -> Long.toString(write);
            case TEXT -> "\"write %d of the crash bench\"".formatted(write);
            case TIMESTAMP -> "\"" + Instant.ofEpochSecond(EPOCH_SECOND + write) + "\"";
            case BOOL -> Boolean.toString(write % 2 == 0);
            case JSON -> "{\"write\":%d,\"tags\":[\"a\",%d]}".formatted(write, write);
            default -> throw new IllegalArgumentException(attribute);
        };
    }

    /** What the API says of an entity. */
    static State of(JsonNode entity) {
        Map<String, Long> writes = new TreeMap<>();
        for (var attribute : entity.path("attributes").properties()) {
            writes.put(attribute.getKey(), write(attribute.getKey(), attribute.getValue()));
        }
        return new State(true, writes);
    }

    /** One attribute with a value as the API gives it. */
    static State ofOne(String attribute, JsonNode value) {
        return new State(true, Map.of(attribute, write(attribute, value)));
    }

    /** The inverse of {@link #value}; of a boolean only the parity can be told. */
    private static long write(String attribute, JsonNode value) {
        return switch (attribute) {
            case NUMBER, UNINDEXED -> value.isNumber() ? (long) value.doubleValue() : FOREIGN;
            case TEXT ->
                value.asText().matches("write \\d{1,18} of the crash bench")
                        ? Long.parseLong(value.asText().split(" ", 3)[1])
                        : FOREIGN;
            case TIMESTAMP -> {
                try {
                    yield Instant.parse(value.asText()).getEpochSecond() - EPOCH_SECOND;
                } catch (DateTimeException malformed) {
                    yield FOREIGN;
                }
            }
            case BOOL -> value.booleanValue() ? 0 : 1;
            case JSON -> {
                long write = value.path("write").asLong(FOREIGN);
                yield value.path("tags").size() == 2
                                && value.path("tags").path(1).asLong() == write
                        ? write
                        : FOREIGN;
            }
            default -> FOREIGN;
        };
    }

    /** This after a write that sets these attributes and removes those. */
    State with(Iterable<String> set, Iterable<String> removed, long write) {
        Map<String, Long> after = new TreeMap<>(writes);
        set.forEach(attribute -> after.put(attribute, attribute.equals(BOOL) ? write % 2 : write));
        removed.forEach(after::remove);
        return new State(true, after);
    }
}
