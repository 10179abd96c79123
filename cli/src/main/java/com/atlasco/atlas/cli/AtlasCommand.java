package com.atlasco.atlas.cli;

import picocli.CommandLine.Command;

/** {@code atlas} alone: prints help. */
@Command(
        name = "atlas",
        header = "Atlas: entities and attributes, and answers that prove how fresh they are",
        synopsisSubcommandLabel = "COMMAND",
        description = {""},
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Examples:",
            "  ./atlas up                                start everything, with sample data",
            "  ./atlas query \"carrier = 'UA'\" --limit 5   read some of it",
            "  ./atlas COMMAND --help                    what a command takes"
        })
final class AtlasCommand {}
