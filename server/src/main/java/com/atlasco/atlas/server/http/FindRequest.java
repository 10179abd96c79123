package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.CursorCodec;
import com.atlasco.atlas.query.EntityCount;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.NameList;
import com.atlasco.atlas.query.QueryBinder;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.filter.Property;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A request for entities, from the parameters of a GET or the body of a search; not yet bound to a registry. */
record FindRequest(
        FilterInput filter,
        Optional<List<String>> properties,
        Optional<String> sortby,
        int limit,
        Optional<String> cursor,
        Optional<EntityCount.Wanted> count,
        boolean explain) {

    private static final int DEFAULT_LIMIT = 100;

    static FindRequest ofParameters(Exchange exchange) {
        return new FindRequest(
                FilterInput.ofParameters(exchange),
                exchange.query("properties").map(NameList::split),
                exchange.query("sortby").filter(text -> !text.isBlank()),
                exchange.query("limit").map(FindRequest::limit).orElse(DEFAULT_LIMIT),
                exchange.query("cursor").filter(text -> !text.isBlank()),
                exchange.query("count").flatMap(FindRequest::count),
                exchange.query("explain").filter(FindRequest::isTrue).isPresent());
    }

    static FindRequest ofBody(JsonNode body) {
        return new FindRequest(
                FilterInput.ofBody(body),
                body.path("properties").isArray()
                        ? Optional.of(
                                StreamSupport.stream(body.path("properties").spliterator(), false)
                                        .map(JsonNode::asText)
                                        .toList())
                        : Optional.empty(),
                Optional.ofNullable(body.path("sortby").textValue()).filter(text -> !text.isBlank()),
                body.path("limit").asInt(DEFAULT_LIMIT),
                Optional.ofNullable(body.path("cursor").textValue()),
                Optional.ofNullable(body.path("count").textValue()).flatMap(FindRequest::count),
                body.path("explain").asBoolean(false));
    }

    /** The request typed against the registry. */
    record Bound(EntityQuery query, Optional<Set<String>> properties, String fingerprint) {}

    Bound bind(TenantId tenant, Registry registry) {
        List<SortKey> sort =
                sortby.map(text -> QueryBinder.sort(text, registry)).orElse(List.of());
        String fingerprint = CursorCodec.fingerprint(tenant, filter.text(), sort);
        Optional<Cursor> after = cursor.map(text -> CursorCodec.decode(text, fingerprint, sort));
        Optional<List<Property>> only = properties.map(
                names -> names.stream().map(name -> property(name, registry)).toList());
        return new Bound(
                new EntityQuery(filter.bind(registry), sort, limit, after, only.map(FindRequest::attributes)),
                only.map(wanted -> wanted.stream().map(Property::wireName).collect(Collectors.toSet())),
                fingerprint);
    }

    private static Set<Integer> attributes(List<Property> wanted) {
        return wanted.stream()
                .filter(Property.Attribute.class::isInstance)
                .map(property -> ((Property.Attribute) property).type().attributeId())
                .collect(Collectors.toSet());
    }

    /** An attribute or what every entity has, which is in the answer in any case; a name may stand in double quotes. */
    private static Property property(String name, Registry registry) {
        return QueryBinder.find(name, registry)
                .or(() -> QueryBinder.find(NameList.unquote(name), registry))
                .orElseThrow(() -> QueryBinder.unknown(NameList.unquote(name), registry)
                        .at("properties")
                        .asException());
    }

    private static Optional<EntityCount.Wanted> count(String text) {
        if (text.equals("none")) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(EntityCount.Wanted.values())
                .filter(wanted -> wanted.wireName().equals(text))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                                ErrorCode.INVALID_REQUEST, "the parameter 'count' has no value '%s'".formatted(text))
                        .at("count")
                        .hint("It is none, estimate or exact.")
                        .asException()));
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
}
