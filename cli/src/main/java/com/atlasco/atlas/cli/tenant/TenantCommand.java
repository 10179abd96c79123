package com.atlasco.atlas.cli.tenant;

import com.atlasco.atlas.cli.CliContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code atlas tenant}: prints the commands there are. */
@Command(
        name = "tenant",
        header = "Create, list and delete tenants, their keys and quotas",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "",
            "In development mode no key is needed. Otherwise present the operator's: its file is DIR/operator.key in the"
                    + " data directory of ./atlas up (--api-key-file), or it is in ATLAS_ADMIN_KEY. A tenant's key with"
                    + " the scope admin may show its tenant and change its keys.",
            ""
        },
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Examples:",
            "  ./atlas tenant create acme --max-entities 1000000",
            "  ./atlas tenant key create 7 --name importer --scope read,write",
            "  ./atlas tenant list --api-key-file data/operator.key",
            "",
            "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
public final class TenantCommand {

    /** {@code atlas tenant key}: prints the commands there are. */
    @Command(
            name = "key",
            header = "Create, list and revoke the keys of a tenant",
            synopsisSubcommandLabel = "COMMAND",
            commandListHeading = "%nCommands:%n",
            footer = {"", "Examples:", "  ./atlas tenant key create 7 --name importer", "  ./atlas tenant key list 7"})
    static final class KeyGroup {}

    /** The command with those below it. */
    public static CommandLine with(CliContext context) {
        return new CommandLine(new TenantCommand())
                .addSubcommand(new CreateTenantCommand(context))
                .addSubcommand(new ListTenantsCommand(context))
                .addSubcommand(new ShowTenantCommand(context))
                .addSubcommand(new DeleteTenantCommand(context))
                .addSubcommand(new QuotaCommand(context))
                .addSubcommand(new CommandLine(new KeyGroup())
                        .addSubcommand(new CreateKeyCommand(context))
                        .addSubcommand(new ListKeysCommand(context))
                        .addSubcommand(new RevokeKeyCommand(context)));
    }
}
