package com.atlasco.atlas.cli.http;

import com.atlasco.atlas.model.TenantId;
import java.net.URI;

/**
 * Which Atlas, and for whom.
 *
 * @param base without a slash at its end
 */
public record ApiAddress(URI base, TenantId tenant) {

    /**
     * Reads a URL as people write it.
     *
     * @throws IllegalArgumentException when it is not an http or https URL with a host
     */
    public static ApiAddress of(String url, long tenant) {
        URI base = URI.create(url.strip().replaceAll("/+$", ""));
        boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
        if (!http || base.getHost() == null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "'" + url + "' is not the URL of a server, such as http://127.0.0.1:8080");
        }
        return new ApiAddress(base, new TenantId(tenant));
    }

    URI resolve(String path) {
        return URI.create(base + path);
    }
}
