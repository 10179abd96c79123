package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.util.Optional;

/**
 * What a read asks for.
 *
 * @param maxLag tightens the bound of the class; exclusive like it, and zero means the primary
 * @param token a write that the answer must contain
 * @param pinned the source that has to serve it, whatever would be preferred; there is no fallback from it
 * @param maxWait how long it may wait for a source to come far enough, in place of {@link RouterSettings#maxWait} and the
 *     bound of the class; zero for not at all
 */
public record ReadRequest(
        FreshnessClass freshness,
        Optional<Duration> maxLag,
        FallbackStrategy fallback,
        Optional<ConsistencyToken> token,
        Shape shape,
        Optional<Source> pinned,
        Optional<Duration> maxWait) {

    /**
     * Checks the durations.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_header} when {@code maxLag} is negative, or the
     *     class is realtime and another source than the primary is named, or the cache is named for what is not one entity
     * @throws IllegalArgumentException when {@code maxWait} is negative
     */
    public ReadRequest {
        if (maxWait.filter(Duration::isNegative).isPresent()) {
            throw new IllegalArgumentException("maxWait must not be negative, not " + maxWait.get());
        }
        if (freshness == FreshnessClass.REALTIME
                && pinned.filter(source -> source != Source.PRIMARY).isPresent()) {
            throw Problem.of(
                            ErrorCode.INVALID_HEADER,
                            "realtime reads are served by the primary alone, and this one is for the source '%s'"
                                    .formatted(pinned.get().wireName()))
                    .at("X-Freshness-Requirement")
                    .hint("ask for interactive or a later class, or leave the choice of the source out")
                    .asException();
        }
        if (shape != Shape.POINT
                && pinned.filter(source -> source == Source.CACHE).isPresent()) {
            throw Problem.of(ErrorCode.INVALID_HEADER, "the cache serves single entities by their ids alone")
                    .at("X-Data-Source")
                    .hint("leave the choice of the source out, or name another one")
                    .asException();
        }
        if (maxLag.filter(Duration::isNegative).isPresent()) {
            throw Problem.of(ErrorCode.INVALID_HEADER, "the acceptable lag is negative")
                    .at("X-Max-Acceptable-Lag-Ms")
                    .hint("a whole number of milliseconds, 0 for the primary")
                    .asException();
        }
    }

    /** One that leaves the choice of the source to the router. */
    public ReadRequest(
            FreshnessClass freshness,
            Optional<Duration> maxLag,
            FallbackStrategy fallback,
            Optional<ConsistencyToken> token,
            Shape shape) {
        this(freshness, maxLag, fallback, token, shape, Optional.empty(), Optional.empty());
    }

    /** What kind of query it is; it says which source is preferred. */
    public enum Shape {
        /** One entity by its id. */
        POINT,
        /** A filter with a limit. */
        FILTER,
        /** An aggregate over many entities. */
        AGGREGATE
    }

    /** The same, of whose longest wait so much has gone by. */
    public ReadRequest havingWaited(Duration waited) {
        return new ReadRequest(
                freshness,
                maxLag,
                fallback,
                token,
                shape,
                pinned,
                maxWait.map(most -> waited.compareTo(most) < 0 ? most.minus(waited) : Duration.ZERO));
    }

    /** The bound on staleness, exclusive: the tighter one of the class's and {@code maxLag}. */
    public Duration limit() {
        return maxLag.filter(lag -> lag.compareTo(freshness.bound()) < 0).orElse(freshness.bound());
    }
}
