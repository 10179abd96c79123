package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.util.Locale;

/** What to do when the preferred source is not fresh enough. */
public enum FallbackStrategy {
    /** Refuse the read. */
    FAIL,
    /** Read from the primary, as far as its protection allows. */
    PRIMARY,
    /** Read from the replica if it is fresh enough. */
    REPLICA;

    /** The name on the wire: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The strategy of that name on the wire.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_header} for any other text
     */
    public static FallbackStrategy ofWireName(String name) {
        for (FallbackStrategy candidate : values()) {
            if (candidate.wireName().equals(name)) {
                return candidate;
            }
        }
        throw Problem.of(ErrorCode.INVALID_HEADER, "the fallback strategy is not known")
                .at("X-Fallback-Strategy")
                .hint("one of fail, primary, replica")
                .asException();
    }
}
