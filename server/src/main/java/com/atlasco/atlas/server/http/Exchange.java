package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.freshness.FallbackStrategy;
import com.atlasco.atlas.freshness.FreshnessClass;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Source;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.tenant.Scope;
import com.atlasco.atlas.postgres.write.IdempotencyKey;
import com.atlasco.atlas.postgres.write.WriteCondition;
import com.atlasco.atlas.server.access.Caller;
import com.atlasco.atlas.server.access.Permissions;
import com.atlasco.atlas.server.json.JsonInput;
import com.atlasco.atlas.server.read.ReadOptions;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One request: what the handlers may ask of it, each thing checked. */
final class Exchange {

    private static final String TENANT = "X-Tenant-Id";
    private static final String FRESHNESS = "X-Freshness-Requirement";
    private static final String MAX_LAG = "X-Max-Acceptable-Lag-Ms";
    private static final String MAX_WAIT = "X-Max-Wait-Ms";
    private static final String FALLBACK = "X-Fallback-Strategy";
    private static final String TOKEN = "X-Consistency-Token";
    private static final String DATA_SOURCE = "X-Data-Source";
    private static final Source[] SOURCES = Source.values();
    static final String IF_MATCH = "If-Match";
    static final String IF_NONE_MATCH = "If-None-Match";
    private static final String IF_UNMODIFIED_SINCE = "If-Unmodified-Since";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final long MAX_LAG_MS = 3_600_000;
    private static final long MAX_WAIT_MS = 30_000;

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

    /**
     * Throws unless the caller's key has this scope too, beside that of the operation.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code forbidden}
     */
    void require(Scope scope) {
        Permissions.require(caller, scope);
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

    /** The size of the body, in bytes. */
    int bodyBytes() {
        Buffer buffer = context.body() == null ? null : context.body().buffer();
        return buffer == null ? 0 : buffer.length();
    }

    /** The body as it came; empty when none did. */
    byte[] bodyArray() {
        Buffer buffer = context.body() == null ? null : context.body().buffer();
        return buffer == null ? new byte[0] : buffer.getBytes();
    }

    JsonNode body() {
        return JsonInput.read(bodyArray());
    }

    /** How fresh the answer must be; the class is the given one when the request names none. */
    ReadOptions readOptions(FreshnessClass unnamed) {
        return new ReadOptions(
                oneOf(FRESHNESS, FreshnessClass.values(), FreshnessClass::wireName)
                        .orElse(unnamed),
                header(MAX_LAG).map(text -> Duration.ofMillis(wholeNumber(MAX_LAG, text, 0, MAX_LAG_MS))),
                oneOf(FALLBACK, FallbackStrategy.values(), FallbackStrategy::wireName)
                        .orElse(FallbackStrategy.PRIMARY),
                header(TOKEN).map(ConsistencyToken::decode),
                oneOf(DATA_SOURCE, SOURCES, Source::wireName),
                header(MAX_WAIT).map(text -> Duration.ofMillis(wholeNumber(MAX_WAIT, text, 0, MAX_WAIT_MS))));
    }

    /**
     * What must hold of the entity that is written: {@code If-Match} with tags or {@code *}, or {@code If-None-Match: *}.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_header}
     */
    WriteCondition condition() {
        refuse(IF_UNMODIFIED_SINCE, "Send If-Match with the ETag of the version that is meant.");
        Optional<String> match = list(IF_MATCH);
        Optional<String> noneMatch = list(IF_NONE_MATCH);
        if (match.isPresent() && noneMatch.isPresent()) {
            throw header(IF_NONE_MATCH, "If-Match and If-None-Match do not go together", "Send one of them.");
        }
        if (noneMatch.isPresent()) {
            if (!noneMatch.get().equals("*")) {
                throw header(
                        IF_NONE_MATCH,
                        "a write takes no If-None-Match but *",
                        "Send If-None-Match: * to write only what is not there, or If-Match with a version.");
            }
            return new WriteCondition.Absent();
        }
        return match.<WriteCondition>map(Exchange::versions).orElseGet(WriteCondition.Always::new);
    }

    private static WriteCondition versions(String text) {
        if (text.equals("*")) {
            return new WriteCondition.Exists();
        }
        Set<Long> versions = new HashSet<>();
        for (EntityTag tag : EntityTag.list(IF_MATCH, text)) {
            if (tag.weak()) {
                throw header(
                        IF_MATCH,
                        "If-Match takes no weak entity tag",
                        "Send the strong tag, without W/ before it; a proxy that compresses may have weakened it.");
            }
            tag.version().ifPresent(versions::add);
        }
        return new WriteCondition.VersionIs(versions);
    }

    /** Whether the caller has this version already, by {@code If-None-Match}. */
    boolean has(long version) {
        return list(IF_NONE_MATCH)
                .filter(text -> text.equals("*")
                        || EntityTag.list(IF_NONE_MATCH, text).stream()
                                .anyMatch(tag -> tag.version()
                                        .filter(known -> known == version)
                                        .isPresent()))
                .isPresent();
    }

    /** As {@link #has(long)}, of a tag by what stands between its quotes. */
    boolean has(String tag) {
        return list(IF_NONE_MATCH)
                .filter(text -> text.equals("*")
                        || EntityTag.list(IF_NONE_MATCH, text).stream()
                                .anyMatch(known -> known.opaque().equals(tag)))
                .isPresent();
    }

    /** The key under which the write takes place once. */
    Optional<IdempotencyKey> idempotencyKey() {
        if (context.request().headers().getAll(IDEMPOTENCY_KEY).size() > 1) {
            throw header(IDEMPOTENCY_KEY, "a write has one Idempotency-Key", "Send it once.");
        }
        return header(IDEMPOTENCY_KEY).map(text -> IdempotencyKey.of(text, IDEMPOTENCY_KEY));
    }

    /**
     * Refuses conditions where there is nothing that they could speak of: silence would lose an update.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_header}
     */
    void refuseConditions(String hint) {
        List.of(IF_MATCH, IF_NONE_MATCH, IF_UNMODIFIED_SINCE).forEach(condition -> refuse(condition, hint));
    }

    /** As {@link #refuseConditions}, for the key. */
    void refuseIdempotencyKey(String hint) {
        refuse(IDEMPOTENCY_KEY, hint);
    }

    private void refuse(String header, String hint) {
        if (header(header).isPresent()) {
            throw header(header, "%s is not supported here".formatted(header), hint);
        }
    }

    private static AtlasException header(String header, String detail, String hint) {
        return Problem.of(ErrorCode.INVALID_HEADER, detail)
                .at(header)
                .hint(hint)
                .asException();
    }

    /** A header that is a list: it may come in several lines. */
    private Optional<String> list(String header) {
        List<String> lines = context.request().headers().getAll(header);
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(",", lines).trim());
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
