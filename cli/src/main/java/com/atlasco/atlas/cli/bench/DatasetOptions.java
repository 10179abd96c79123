package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.cli.UsageException;
import picocli.CommandLine.Option;

/** The entities that a bench makes for servers of its own. */
final class DatasetOptions {

    @Option(
            names = "--attributes",
            paramLabel = "N",
            defaultValue = "10",
            description = "Attributes of an entity: numbers, texts, timestamps, booleans. Default: ${DEFAULT-VALUE}")
    private int attributes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Of the entities' values. Default: ${DEFAULT-VALUE}")
    private long seed;

    /** How many attributes an entity has; fewer than a bench needs are a usage error. */
    int attributes(int fewest) {
        if (attributes < fewest) {
            throw new UsageException("--attributes is at least %d, not %d.".formatted(fewest, attributes));
        }
        return attributes;
    }

    long seed() {
        return seed;
    }
}
