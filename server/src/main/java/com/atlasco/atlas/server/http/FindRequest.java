package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.CursorCodec;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.QueryBinder;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.cql2.FilterParser;
import com.atlasco.atlas.query.filter.Filter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/** A request for entities, from the parameters of a GET or the body of a search; not yet bound to a registry. */
record FindRequest(
        String filter,
        Optional<List<String>> properties,
        Optional<String> sortby,
        int limit,
        Optional<String> cursor,
        boolean count,
        boolean explain) {

    private static final int DEFAULT_LIMIT = 100;

    static FindRequest ofParameters(Exchange exchange) {
        requireLanguage(exchange.query("filter-lang"));
        return new FindRequest(
                exchange.query("filter").orElse(""),
                exchange.query("properties")
                        .map(list -> Arrays.stream(list.split(",", -1))
                                .map(String::trim)
                                .filter(name -> !name.isEmpty())
                                .toList()),
                exchange.query("sortby").filter(text -> !text.isBlank()),
                exchange.query("limit").map(FindRequest::limit).orElse(DEFAULT_LIMIT),
                exchange.query("cursor").filter(text -> !text.isBlank()),
                exchange.query("count").filter(FindRequest::counts).isPresent(),
                exchange.query("explain").filter(FindRequest::isTrue).isPresent());
    }

    static FindRequest ofBody(JsonNode body) {
        requireLanguage(Optional.ofNullable(body.path("filter_lang").textValue()));
        return new FindRequest(
                body.path("filter").asText(""),
                body.path("properties").isArray()
                        ? Optional.of(
                                StreamSupport.stream(body.path("properties").spliterator(), false)
                                        .map(JsonNode::asText)
                                        .toList())
                        : Optional.empty(),
                Optional.ofNullable(body.path("sortby").textValue()).filter(text -> !text.isBlank()),
                body.path("limit").asInt(DEFAULT_LIMIT),
                Optional.ofNullable(body.path("cursor").textValue()),
                "exact".equals(body.path("count").textValue()),
                body.path("explain").asBoolean(false));
    }

    /** The request typed against the registry. */
    record Bound(EntityQuery query, Optional<Set<String>> properties, String fingerprint) {}

    Bound bind(TenantId tenant, Registry registry) {
        Filter typed = filter.isBlank() ? Filter.ALL : FilterParser.parse(filter, registry);
        List<SortKey> sort =
                sortby.map(text -> QueryBinder.sort(text, registry)).orElse(List.of());
        String fingerprint = CursorCodec.fingerprint(tenant, filter.strip(), sort);
        Optional<Cursor> after = cursor.map(text -> CursorCodec.decode(text, fingerprint, sort));
        Optional<Set<String>> only = properties.map(names -> {
            names.forEach(name -> QueryBinder.resolve(name, registry));
            return new LinkedHashSet<>(names);
        });
        return new Bound(new EntityQuery(typed, sort, limit, after), only, fingerprint);
    }

    private static boolean counts(String text) {
        return switch (text) {
            case "exact" -> true;
            case "none" -> false;
            default ->
                throw Problem.of(ErrorCode.INVALID_REQUEST, "the parameter 'count' has no value '%s'".formatted(text))
                        .at("count")
                        .hint("It is none or exact.")
                        .asException();
        };
    }

    private static boolean isTrue(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw Problem.of(ErrorCode.INVALID_REQUEST, "the parameter 'explain' has no value '%s'".formatted(text))
                        .at("explain")
                        .hint("It is true or false.")
                        .asException();
        };
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= EntityQuery.MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            // Answered below, like a number out of range.
        }
        throw Problem.of(ErrorCode.INVALID_REQUEST, "the parameter 'limit' has no value '%s'".formatted(text))
                .at("limit")
                .hint("It is a whole number from 1 to %d.".formatted(EntityQuery.MAX_LIMIT))
                .asException();
    }

    private static void requireLanguage(Optional<String> language) {
        if (language.isPresent() && !language.get().equals("cql2-text")) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "the filter language '%s' is not spoken here".formatted(language.get()))
                    .at("filter-lang")
                    .hint("Use cql2-text.")
                    .asException();
        }
    }
}
