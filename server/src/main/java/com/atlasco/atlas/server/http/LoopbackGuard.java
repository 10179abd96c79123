package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps web pages out of a node that asks for no key. A page whose name resolves to the loopback address (DNS
 * rebinding) reaches the port, but its requests carry that name; a page of another origin says so in {@code Origin}.
 */
final class LoopbackGuard {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");

    private LoopbackGuard() {}

    /** Why a request is refused; empty when it may go on. */
    static Optional<Problem> refusal(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (authority != null && !LOOPBACK.contains(authority.host())) {
            return Optional.of(refused("Host", authority.host()));
        }
        return Optional.ofNullable(request.getHeader("Origin"))
                .filter(origin -> !isLoopback(origin))
                .map(origin -> refused("Origin", origin));
    }

    /** Whether an address that is listened on can be reached from this machine only. */
    static boolean isLoopbackHost(String host) {
        return LOOPBACK.contains(host) || host.startsWith("127.");
    }

    private static boolean isLoopback(String origin) {
        try {
            String host = URI.create(origin).getHost();
            return host != null && LOOPBACK.contains(host);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static Problem refused(String header, String value) {
        return Problem.of(
                        ErrorCode.FOREIGN_ORIGIN,
                        "development mode serves this machine only, and %s is '%s'".formatted(header, value))
                .at(header)
                .hint("Use http://127.0.0.1 or http://localhost, or start Atlas with --require-keys.");
    }
}
