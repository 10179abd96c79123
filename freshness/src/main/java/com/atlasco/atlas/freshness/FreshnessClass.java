package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** How stale an answer may be. Bounds are exclusive: an answer exactly as stale as the bound does not meet it. */
public enum FreshnessClass {
    /** Below 100 ms, and only from the primary. */
    REALTIME(Duration.ofMillis(100)),
    INTERACTIVE(Duration.ofSeconds(1)),
    OPERATIONAL(Duration.ofSeconds(30)),
    ANALYTICAL(Duration.ofMinutes(5)),
    BATCH(Duration.ofHours(1));

    private final Duration bound;

    FreshnessClass(Duration bound) {
        this.bound = bound;
    }

    /** The bound, exclusive. */
    public Duration bound() {
        return bound;
    }

    /** Whether an answer from the source with this bound on its staleness is of this class. */
    public boolean isMetBy(Source source, Duration staleness) {
        return (this != REALTIME || source == Source.PRIMARY) && staleness.compareTo(bound) < 0;
    }

    /**
     * The strictest class that an answer meets.
     *
     * @return empty when it meets none, being an hour stale or more
     */
    public static Optional<FreshnessClass> strictestMet(Source source, Duration staleness) {
        for (FreshnessClass candidate : values()) {
            if (candidate.isMetBy(source, staleness)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** The name on the wire: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The class of that name on the wire.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_header} for any other text
     */
    public static FreshnessClass ofWireName(String name) {
        for (FreshnessClass candidate : values()) {
            if (candidate.wireName().equals(name)) {
                return candidate;
            }
        }
        throw Problem.of(ErrorCode.INVALID_HEADER, "the freshness class is not known")
                .at("X-Freshness-Requirement")
                .hint("one of realtime, interactive, operational, analytical, batch")
                .asException();
    }
}
