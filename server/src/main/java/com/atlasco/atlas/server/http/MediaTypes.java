package com.atlasco.atlas.server.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Optional;

/** What a request says of the form of its body and of its answer. Names of media types have no case. */
final class MediaTypes {

    static final String JSON = "application/json";
    static final String NDJSON = "application/x-ndjson";

    private MediaTypes() {}

    /** The type of the body in lower case, without its parameters; empty when there is none. */
    static String ofBody(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("Content-Type"))
                .map(header -> header.split(";", 2)[0].trim().toLowerCase(Locale.ROOT))
                .orElse("");
    }

    /** Whether the answer may come line by line. */
    static boolean acceptsNdjson(HttpServerRequest request) {
        return request.headers().getAll("Accept").stream()
                .anyMatch(accept -> accept.toLowerCase(Locale.ROOT).contains(NDJSON));
    }
}
