package com.atlasco.atlas.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of reads: how fresh, and what to do when that cannot be had. */
public final class ReadOptions {

    /** The classes of freshness; named as on the wire. */
    enum FreshnessClass {
        realtime,
        interactive,
        operational,
        analytical,
        batch
    }

    /** What to do when the preferred source does not meet the bound; named as on the wire. */
    enum Fallback {
        fail,
        primary,
        replica
    }

    @Option(
            names = "--class",
            paramLabel = "CLASS",
            description = "How fresh the answer must be: ${COMPLETION-CANDIDATES}")
    private Optional<FreshnessClass> freshnessClass = Optional.empty();

    @Option(names = "--max-lag-ms", paramLabel = "MS", description = "Tightens the bound of the class, in milliseconds")
    private Optional<Long> maxLag = Optional.empty();

    @Option(
            names = "--max-wait-ms",
            paramLabel = "MS",
            description = "How long to wait for a source that is about to be fresh enough, in milliseconds")
    private Optional<Long> maxWait = Optional.empty();

    @Option(
            names = "--fallback",
            paramLabel = "STRATEGY",
            description = "When the preferred source is too stale: ${COMPLETION-CANDIDATES}")
    private Optional<Fallback> fallback = Optional.empty();

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "A consistency token of an earlier answer: this read sees at least that")
    private Optional<String> token = Optional.empty();

    /** The request headers that say so. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        freshnessClass.ifPresent(value -> headers.put("X-Freshness-Requirement", value.name()));
        maxLag.ifPresent(value -> {
            if (value < 0) {
                throw new UsageException("--max-lag-ms takes milliseconds from 0, not " + value + ".");
            }
            headers.put("X-Max-Acceptable-Lag-Ms", Long.toString(value));
        });
        maxWait.ifPresent(value -> {
            if (value < 0) {
                throw new UsageException("--max-wait-ms takes milliseconds from 0, not " + value + ".");
            }
            headers.put("X-Max-Wait-Ms", Long.toString(value));
        });
        fallback.ifPresent(value -> headers.put("X-Fallback-Strategy", value.name()));
        token.ifPresent(value -> {
            if (!value.matches("[\\x21-\\x7e]{1,200}")) {
                throw new UsageException("--token takes the value of an X-Consistency-Token header, as it was given.");
            }
            headers.put("X-Consistency-Token", value);
        });
        return headers;
    }
}
