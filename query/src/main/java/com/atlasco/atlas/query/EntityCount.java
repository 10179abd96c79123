package com.atlasco.atlas.query;

import java.util.Locale;

/**
 * How many entities a filter keeps.
 *
 * @param value from 0
 * @param method what the value rests on
 */
public record EntityCount(long value, Method method) {

    /** How well the value has to be known. */
    public enum Wanted {
        EXACT,
        /** Soon rather than exactly. */
        ESTIMATE;

        /** The name in requests. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a value rests on. */
    public enum Method {
        /** Every entity that the filter keeps was counted. */
        EXACT,
        /** A sample of the entities was looked at. */
        SAMPLE,
        /** Statistics that are kept of the data. */
        STATISTICS;

        /** The name in answers. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
