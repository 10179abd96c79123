package com.atlasco.atlas.cli.tenant;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ConnectionOptions;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.text.DisplayText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code atlas tenant key revoke}. */
@Command(
        name = "revoke",
        header = "Revoke a key, once and for all",
        footer = {
            "",
            "Examples:",
            "  ./atlas tenant key revoke 7 Xk3v9QpLw2Za",
            "",
            "Exit codes: 0 revoked, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
final class RevokeKeyCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    private TenantPath tenant = new TenantPath();

    @Parameters(index = "1", paramLabel = "KEY_ID", description = "The key's id, from ./atlas tenant key list")
    private String keyId = "";

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    RevokeKeyCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (HttpApi api = connection.connectAsOperator()) {
            api.delete(tenant.path() + "/keys/" + HttpApi.segment(keyId));
            context.out().println("Revoked " + DisplayText.oneLine(keyId) + "; every node refuses it within a second");
        }
        return ExitCode.OK;
    }
}
