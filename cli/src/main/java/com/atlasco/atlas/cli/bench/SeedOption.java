package com.atlasco.atlas.cli.bench;

import picocli.CommandLine.Option;

/** What entities and questions are made from. */
final class SeedOption {

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Of the entities' values and of what is asked. Default: ${DEFAULT-VALUE}")
    private long seed;

    long seed() {
        return seed;
    }
}
