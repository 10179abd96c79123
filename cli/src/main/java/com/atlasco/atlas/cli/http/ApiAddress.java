package com.atlasco.atlas.cli.http;

import com.atlasco.atlas.model.TenantId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Which Atlas, for whom, and the key to show it.
 *
 * @param base without a slash at its end
 * @param tenant empty where the key or the path names it
 */
public record ApiAddress(URI base, Optional<TenantId> tenant, Optional<String> key) {

    /** As {@link #of(String, Optional, Optional)}, for a tenant and without a key. */
    public static ApiAddress of(String url, long tenant) {
        return of(url, Optional.of(tenant), Optional.empty());
    }

    /**
     * Reads a URL as people write it.
     *
     * @throws IllegalArgumentException when it is not an http or https URL with a host
     */
    public static ApiAddress of(String url, Optional<Long> tenant, Optional<String> key) {
        URI base = URI.create(url.strip().replaceAll("/+$", ""));
        boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
        if (!http || base.getHost() == null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "'" + url + "' is not the URL of a server, such as http://127.0.0.1:8080");
        }
        return new ApiAddress(base, tenant.map(TenantId::new), key);
    }

    URI resolve(String path) {
        return URI.create(base + path);
    }

    /**
     * Whose the data are that requests are about: the tenant, or, where only the key says it, the beginning of the
     * key's SHA-256. What is the same here is the same tenant's; two keys of one tenant differ.
     */
    String owner() {
        return tenant.map(id -> "tenant " + id)
                .or(() -> key.map(secret -> "the tenant of key #" + hash(secret)))
                .orElse("the default tenant");
    }

    private static String hash(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ApiAddress[%s, tenant %s]"
                .formatted(base, tenant.map(TenantId::toString).orElse("of the key"));
    }
}
