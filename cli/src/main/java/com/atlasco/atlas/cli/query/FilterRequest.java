package com.atlasco.atlas.cli.query;

import com.atlasco.atlas.cli.http.ProblemException;
import com.atlasco.atlas.query.cql2.FilterLanguage;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Supplier;

/** Sends requests that carry a filter, so that a refusal can be shown at its place in the filter. */
final class FilterRequest {

    private FilterRequest() {}

    /** Sets the members that say what is kept; a filter in JSON goes as the text that was given, so that places are its own. */
    static void put(ObjectNode request, String filter) {
        request.put("filter", filter);
        FilterLanguage language = FilterLanguage.detect(filter);
        if (language != FilterLanguage.TEXT) {
            request.put("filter_lang", language.wireName());
        }
    }

    static <T> T send(Optional<String> filter, Supplier<T> request) {
        try {
            return request.get();
        } catch (ProblemException problem) {
            throw filter.map(text -> (RuntimeException) new FilterProblemException(problem, text))
                    .orElse(problem);
        }
    }
}
