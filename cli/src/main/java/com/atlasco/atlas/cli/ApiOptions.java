package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.http.HttpApi;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that speaks to a running Atlas for a tenant. */
public final class ApiOptions {

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--tenant", paramLabel = "ID", description = "The tenant, from 1. Default: the key's, or 1")
    private Optional<Long> tenant = Optional.empty();

    /** The API that the options name; a URL or tenant that is none is a usage error. */
    public HttpApi connect() {
        if (tenant.filter(id -> id < 1).isPresent()) {
            throw new UsageException("--tenant takes a whole number from 1, not " + tenant.get() + ".");
        }
        boolean keySays = connection.key().isPresent();
        return connection.connect(tenant.or(() -> keySays ? Optional.empty() : Optional.of(1L)));
    }
}
