package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.freshness.FallbackStrategy;
import com.atlasco.atlas.freshness.FreshnessClass;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.server.access.Caller;
import com.atlasco.atlas.server.access.Permissions;
import com.atlasco.atlas.server.json.JsonInput;
import com.atlasco.atlas.server.read.ReadOptions;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One request: what the handlers may ask of it, each thing checked. */
final class Exchange {

    private static final String TENANT = "X-Tenant-Id";
    private static final String FRESHNESS = "X-Freshness-Requirement";
    private static final String MAX_LAG = "X-Max-Acceptable-Lag-Ms";
    private static final String FALLBACK = "X-Fallback-Strategy";
    private static final String TOKEN = "X-Consistency-Token";
    private static final List<String> CONDITIONS =
            List.of("If-Match", "If-None-Match", "If-Unmodified-Since", "Idempotency-Key");
    private static final long MAX_LAG_MS = 3_600_000;

    private final RoutingContext context;
    private final Caller caller;

    Exchange(RoutingContext context, Caller caller) {
        this.context = context;
        this.caller = caller;
    }

    /**
     * Whom the request speaks for.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code forbidden} when it names another tenant than its key's
     */
    TenantId tenant() {
        return Permissions.tenant(
                caller,
                header(TENANT)
                        .map(text -> wholeNumber(TENANT, text, 1, Long.MAX_VALUE))
                        .map(TenantId::new));
    }

    /**
     * The tenant in the path, which the caller may administer.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code forbidden}; {@code invalid_request}
     */
    TenantId administeredTenant() {
        TenantId tenant =
                new TenantId(wholeNumber(ErrorCode.INVALID_REQUEST, "tenant_id", path("tenant_id"), 1, Long.MAX_VALUE));
        Permissions.requireTenant(caller, tenant);
        return tenant;
    }

    String path(String name) {
        String value = context.pathParam(name);
        if (value == null) {
            throw new IllegalStateException("the contract has no path parameter " + name);
        }
        return value;
    }

    Optional<String> query(String name) {
        List<String> values = context.queryParam(name);
        if (values.size() > 1) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "the parameter '%s' is given %d times".formatted(name, values.size()))
                    .at(name)
                    .hint("Give it once.")
                    .asException();
        }
        return values.stream().findFirst();
    }

    JsonNode body() {
        Buffer buffer = context.body() == null ? null : context.body().buffer();
        return JsonInput.read(buffer == null ? new byte[0] : buffer.getBytes());
    }

    /** How fresh the answer must be; the class is the given one when the request names none. */
    ReadOptions readOptions(FreshnessClass unnamed) {
        return new ReadOptions(
                oneOf(FRESHNESS, FreshnessClass.values(), FreshnessClass::wireName)
                        .orElse(unnamed),
                header(MAX_LAG).map(text -> Duration.ofMillis(wholeNumber(MAX_LAG, text, 0, MAX_LAG_MS))),
                oneOf(FALLBACK, FallbackStrategy.values(), FallbackStrategy::wireName)
                        .orElse(FallbackStrategy.PRIMARY),
                header(TOKEN).map(ConsistencyToken::decode));
    }

    /**
     * Refuses headers that a caller relies on and that are not kept: silence would lose an update.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_header}
     */
    void refuseConditions() {
        for (String condition : CONDITIONS) {
            if (header(condition).isPresent()) {
                throw Problem.of(ErrorCode.INVALID_HEADER, "%s is not supported".formatted(condition))
                        .at(condition)
                        .hint("Send the write without it; a merge patch changes only what it names.")
                        .asException();
            }
        }
    }

    private <T> Optional<T> oneOf(String header, T[] values, Function<T, String> wireName) {
        return header(header)
                .map(text -> Arrays.stream(values)
                        .filter(value -> wireName.apply(value).equals(text))
                        .findFirst()
                        .orElseThrow(() -> Problem.of(
                                        ErrorCode.INVALID_HEADER,
                                        "the header %s has no value '%s'".formatted(header, text))
                                .at(header)
                                .hint("It is one of "
                                        + String.join(
                                                ", ",
                                                Arrays.stream(values)
                                                        .map(wireName)
                                                        .toList())
                                        + ".")
                                .asException()));
    }

    /** A parameter of the query that is a whole number. */
    Optional<Long> wholeNumber(String parameter, long least, long greatest) {
        return query(parameter).map(text -> wholeNumber(ErrorCode.INVALID_REQUEST, parameter, text, least, greatest));
    }

    private static long wholeNumber(String header, String text, long least, long greatest) {
        return wholeNumber(ErrorCode.INVALID_HEADER, header, text, least, greatest);
    }

    private static long wholeNumber(ErrorCode code, String place, String text, long least, long greatest) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= greatest) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Answered below, like a number out of range.
        }
        String what = code == ErrorCode.INVALID_HEADER ? "the header " + place : place;
        throw Problem.of(code, "%s has no value '%s'".formatted(what, text))
                .at(place)
                .hint("It is a whole number from %d to %d.".formatted(least, greatest))
                .asException();
    }

    private Optional<String> header(String name) {
        return Optional.ofNullable(context.request().getHeader(name)).map(String::trim);
    }
}
