package com.atlasco.atlas.server.read;

import java.util.Map;

/**
 * What a source answered, and what is known of how fresh it is.
 *
 * @param headers the response headers that say so
 */
public record Answer<T>(T value, Map<String, String> headers) {}
