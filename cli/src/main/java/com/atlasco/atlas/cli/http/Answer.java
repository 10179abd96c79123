package com.atlasco.atlas.cli.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.util.Optional;

/** What the server answered to a request that it served. */
public record Answer(int status, HttpHeaders headers, JsonNode body) {

    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** The position to present to a later read. */
    public Optional<String> token() {
        return header("X-Consistency-Token");
    }
}
