package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.query.cql2.FilterLanguage;
import com.atlasco.atlas.query.cql2.FilterParser;
import com.atlasco.atlas.query.filter.Filter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A filter as it was sent.
 *
 * @param text of either language; blank keeps every entity
 * @param root the pointer of the filter in the body, where it is a JSON value of its own there and not text
 */
record FilterInput(String text, FilterLanguage language, Optional<String> root) {

    private static final String LANGUAGE = "filter_lang";
    private static final String ROOT = "/filter";

    static FilterInput ofParameters(Exchange exchange) {
        return new FilterInput(
                exchange.query("filter").orElse("").strip(),
                exchange.query("filter-lang").map(FilterLanguage::ofWireName).orElse(FilterLanguage.TEXT),
                Optional.empty());
    }

    /**
     * Reads the members {@code filter} and {@code filter_lang}. Without the second, an object is in CQL2 JSON, text in
     * CQL2 text.
     *
     * @throws AtlasException {@code invalid_request}
     */
    static FilterInput ofBody(JsonNode body) {
        Optional<FilterLanguage> language = language(body.path(LANGUAGE));
        JsonNode filter = body.path("filter");
        if (filter.isMissingNode()) {
            return new FilterInput("", FilterLanguage.TEXT, Optional.empty());
        }
        if (filter.isTextual()) {
            return new FilterInput(filter.textValue().strip(), language.orElse(FilterLanguage.TEXT), Optional.empty());
        }
        if (!filter.isObject() && !filter.isBoolean()) {
            throw refused("filter is text, or an object in CQL2 JSON", ROOT, "Send \"filter\": \"score < 3\".");
        }
        if (language.filter(FilterLanguage.TEXT::equals).isPresent()) {
            throw refused(
                    "filter is JSON, but filter_lang says text", "/" + LANGUAGE, "Leave it out, or send cql2-json.");
        }
        return new FilterInput(filter.toString(), FilterLanguage.JSON, Optional.of(ROOT));
    }

    private static Optional<FilterLanguage> language(JsonNode name) {
        if (name.isMissingNode()) {
            return Optional.empty();
        }
        try {
            return Optional.of(FilterLanguage.ofWireName(name.asText()));
        } catch (AtlasException unknown) {
            throw unknown.problem().at("/" + LANGUAGE).asException(unknown);
        }
    }

    boolean isBlank() {
        return text.isEmpty();
    }

    /** The filter typed against the registry; see {@link FilterParser}. */
    Filter bind(Registry registry) {
        if (isBlank()) {
            return Filter.ALL;
        }
        try {
            return FilterParser.parse(text, language, registry);
        } catch (AtlasException refused) {
            throw root.map(pointer -> inBody(refused.problem(), pointer).asException(refused))
                    .orElse(refused);
        }
    }

    /** The lines are those of a text that the caller has never seen. */
    private static Problem inBody(Problem problem, String root) {
        return new Problem(
                problem.code(),
                problem.detail(),
                Optional.of(root + problem.place().orElse("")),
                Optional.empty(),
                problem.hint(),
                problem.figures(),
                problem.retryAfter());
    }

    private static AtlasException refused(String detail, String place, String hint) {
        return Problem.of(ErrorCode.INVALID_REQUEST, detail)
                .at(place)
                .hint(hint)
                .asException();
    }
}
