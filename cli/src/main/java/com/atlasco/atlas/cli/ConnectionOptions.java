package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.http.ApiAddress;
import com.atlasco.atlas.cli.http.HttpApi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where a running Atlas is, and the key to show it. */
public final class ConnectionOptions {

    private static final String API_KEY = "ATLAS_API_KEY";
    private static final String ADMIN_KEY = "ATLAS_ADMIN_KEY";

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:ATLAS_URL:-http://127.0.0.1:8080}",
            description = "Where Atlas listens (environment: ATLAS_URL). Default: ${DEFAULT-VALUE}")
    private String url = "";

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = "The key to present; others on this machine may see it (environment: ATLAS_API_KEY)")
    private Optional<String> apiKey = Optional.empty();

    @Option(names = "--api-key-file", paramLabel = "FILE", description = "A file that holds the key to present")
    private Optional<Path> apiKeyFile = Optional.empty();

    /** Where Atlas listens; what is no URL is a usage error. */
    public URI url() {
        return address(Optional.empty(), Optional.empty()).base();
    }

    /** The key to present: an option's, or the environment's. */
    public Optional<String> key() {
        return chosen(API_KEY);
    }

    /** The API for a tenant, or without one where the key or the path names it. */
    HttpApi connect(Optional<Long> tenant) {
        return connect(tenant, key());
    }

    /** The API for who runs Atlas: the environment's ATLAS_ADMIN_KEY comes before its ATLAS_API_KEY. */
    public HttpApi connectAsOperator() {
        return connect(Optional.empty(), chosen(ADMIN_KEY, API_KEY));
    }

    private HttpApi connect(Optional<Long> tenant, Optional<String> key) {
        return new HttpApi(address(tenant, key));
    }

    private ApiAddress address(Optional<Long> tenant, Optional<String> key) {
        try {
            return ApiAddress.of(url, tenant, key);
        } catch (IllegalArgumentException malformed) {
            throw new UsageException("--url: " + malformed.getMessage() + ".");
        }
    }

    private Optional<String> chosen(String... variables) {
        if (apiKey.isPresent() && apiKeyFile.isPresent()) {
            throw new UsageException("--api-key and --api-key-file contradict each other; give one of them.");
        }
        Optional<String> key = apiKey.or(() -> apiKeyFile.map(ConnectionOptions::read))
                .or(() -> Stream.of(variables)
                        .flatMap(variable -> Optional.ofNullable(System.getenv(variable)).stream())
                        .filter(text -> !text.isBlank())
                        .findFirst())
                .map(String::strip);
        if (key.filter(text -> !text.matches("[\\x21-\\x7e]{1,500}")).isPresent()) {
            throw new UsageException("A key is one word of visible ASCII characters, and this one is not.");
        }
        return key;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UsageException("--api-key-file: " + file + " cannot be read.");
        }
    }
}
