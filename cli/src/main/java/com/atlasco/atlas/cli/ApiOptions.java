package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.http.ApiAddress;
import com.atlasco.atlas.cli.http.HttpApi;
import picocli.CommandLine.Option;

/** The options of every command that speaks to a running Atlas. */
public final class ApiOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:ATLAS_URL:-http://127.0.0.1:8080}",
            description = "Where Atlas listens (environment: ATLAS_URL). Default: ${DEFAULT-VALUE}")
    private String url = "";

    @Option(
            names = "--tenant",
            paramLabel = "ID",
            defaultValue = "1",
            description = "The tenant, from 1. Default: ${DEFAULT-VALUE}")
    private long tenant = 1;

    /** The API that the options name; a URL or tenant that is none is a usage error. */
    public HttpApi connect() {
        if (tenant < 1) {
            throw new UsageException("--tenant takes a whole number from 1, not " + tenant + ".");
        }
        try {
            return new HttpApi(ApiAddress.of(url, tenant));
        } catch (IllegalArgumentException malformed) {
            throw new UsageException("--url: " + malformed.getMessage() + ".");
        }
    }
}
