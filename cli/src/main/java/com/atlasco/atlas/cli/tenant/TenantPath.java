package com.atlasco.atlas.cli.tenant;

import com.atlasco.atlas.cli.UsageException;
import picocli.CommandLine.Parameters;

/** The tenant that a command is about. */
public final class TenantPath {

    @Parameters(index = "0", paramLabel = "TENANT", description = "The tenant's id")
    private long tenant;

    long id() {
        if (tenant < 1) {
            throw new UsageException("A tenant's id is a whole number from 1, not " + tenant + ".");
        }
        return tenant;
    }

    /** Where the tenant is in the API. */
    String path() {
        return "/api/v1/admin/tenants/" + id();
    }
}
