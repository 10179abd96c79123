package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.query.filter.Filter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * What is to be deleted.
 *
 * @param filter blank only where all entities are meant, and said to be
 * @param limit how many at most, from 1
 */
record DeleteRequest(FilterInput filter, boolean dryRun, long limit) {

    private static final Set<String> MEMBERS = Set.of("filter", "filter_lang", "all", "dry_run", "limit");

    /**
     * Reads a body, which no validator has seen.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_request}
     */
    static DeleteRequest of(JsonNode body) {
        if (!body.isObject()) {
            throw refused("a deletion is a JSON object", "", "Send {\"filter\": \"score < 3\"}.");
        }
        for (var member : body.properties()) {
            if (!MEMBERS.contains(member.getKey())) {
                throw refused(
                        "a deletion has no member '%s'".formatted(member.getKey()),
                        "/" + member.getKey(),
                        "It has filter or all, and may have filter_lang, dry_run and limit.");
            }
        }
        boolean all = flag(body, "all");
        FilterInput filter = FilterInput.ofBody(body);
        boolean filtered = !filter.isBlank();
        if (all == filtered) {
            throw refused(
                    all ? "all and a filter contradict each other" : "no filter says what is to be deleted",
                    "/filter",
                    all ? "Send one of them." : "Send a filter, or \"all\": true to delete every entity.");
        }
        JsonNode limit = body.path("limit");
        if (!limit.isMissingNode() && (!limit.canConvertToExactIntegral() || limit.longValue() < 1)) {
            throw refused("limit is a whole number from 1", "/limit", "Leave it out to delete all that match.");
        }
        return new DeleteRequest(filter, flag(body, "dry_run"), limit.asLong(Long.MAX_VALUE));
    }

    /**
     * Whether its answer tells something of entities. A filter does, even by what it deletes; PostgreSQL, too, asks for
     * SELECT where a DELETE has a condition.
     */
    boolean reads() {
        return dryRun || !filter.isBlank();
    }

    /** The filter typed against the registry; refused as that of a query. */
    Filter bind(Registry registry) {
        return filter.bind(registry);
    }

    private static boolean flag(JsonNode body, String member) {
        JsonNode value = body.path(member);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw refused(member + " is true or false", "/" + member, "Send true or false.");
        }
        return value.asBoolean(false);
    }

    private static RuntimeException refused(String detail, String place, String hint) {
        return Problem.of(ErrorCode.INVALID_REQUEST, detail)
                .at(place)
                .hint(hint)
                .asException();
    }
}
