package com.atlasco.atlas.cli.query;

import com.atlasco.atlas.cli.http.ProblemException;
import java.util.Optional;
import java.util.function.Supplier;

/** Sends requests that carry a filter, so that a refusal can be shown at its place in the filter. */
final class FilterRequest {

    private FilterRequest() {}

    static <T> T send(Optional<String> filter, Supplier<T> request) {
        try {
            return request.get();
        } catch (ProblemException problem) {
            throw filter.map(text -> (RuntimeException) new FilterProblemException(problem, text))
                    .orElse(problem);
        }
    }
}
