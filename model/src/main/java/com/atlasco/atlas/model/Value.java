package com.atlasco.atlas.model;

import java.time.Instant;

/** One value of an attribute, checked and canonical. */
public sealed interface Value {

    DataType dataType();

    /** A finite double; negative zero is stored as zero, so that equality is the same on every engine. */
    record NumberValue(double number) implements Value {
        public NumberValue {
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("a number is finite, not " + number);
            }
            number = number == 0 ? 0.0 : number;
        }

        @Override
        public DataType dataType() {
            return DataType.NUMBER;
        }
    }

    /** Unicode text: no NUL, no lone surrogate. */
    record TextValue(String text) implements Value {
        @Override
        public DataType dataType() {
            return DataType.TEXT;
        }
    }

    /** Microseconds since 1970-01-01T00:00:00Z. */
    record TimestampValue(long epochMicros) implements Value {
        public static TimestampValue of(Instant instant) {
            return new TimestampValue(
                    Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000));
        }

        public Instant instant() {
            return Instant.ofEpochSecond(
                    Math.floorDiv(epochMicros, 1_000_000L), Math.floorMod(epochMicros, 1_000_000L) * 1_000L);
        }

        @Override
        public DataType dataType() {
            return DataType.TS;
        }
    }

    record BoolValue(boolean bool) implements Value {
        @Override
        public DataType dataType() {
            return DataType.BOOL;
        }
    }

    /** JSON in canonical form: no insignificant white space, object keys sorted by code point, no duplicates. */
    record JsonValue(String json) implements Value {
        @Override
        public DataType dataType() {
            return DataType.JSON;
        }
    }
}
