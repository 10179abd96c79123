package com.atlasco.atlas.cli.text;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a load has come.
 *
 * @param done entities
 * @param bytes read of the input
 * @param totalBytes of the input; empty where it cannot be known
 * @param elapsedNanos since it began
 */
public record ProgressFigures(long done, long bytes, OptionalLong totalBytes, long elapsedNanos) {

    private static final double NANOS_A_SECOND = 1e9;

    /** Entities a second since the beginning; 0 before any time has passed. */
    public double rate() {
        return elapsedNanos <= 0 ? 0 : done * NANOS_A_SECOND / elapsedNanos;
    }

    /** From 0 to 1, by bytes; empty when the total is not known. An empty input is done. */
    public Optional<Double> fraction() {
        if (totalBytes.isEmpty()) {
            return Optional.empty();
        }
        long total = totalBytes.getAsLong();
        return Optional.of(total <= 0 ? 1.0 : Math.clamp((double) bytes / total, 0.0, 1.0));
    }

    /** Seconds to go at the pace so far; empty when there is nothing to judge by. */
    public Optional<Double> secondsToGo() {
        return fraction()
                .filter(fraction -> fraction > 0 && elapsedNanos > 0)
                .map(fraction -> elapsedNanos / NANOS_A_SECOND * (1 - fraction) / fraction);
    }

    /** One line, such as {@code [=====>    ]  52 %  15,500 entities  14,900/s  1.0 s to go}. */
    public String line(int barWidth, String noun) {
        StringBuilder line = new StringBuilder();
        fraction().ifPresent(fraction -> {
            int filled = (int) Math.floor(fraction * barWidth);
            line.append('[')
                    .append("=".repeat(filled))
                    .append(filled < barWidth ? ">" : "")
                    .append(" ".repeat(Math.max(0, barWidth - filled - 1)))
                    .append(String.format(Locale.ROOT, "] %3d %%  ", (int) Math.floor(fraction * 100)));
        });
        line.append(String.format(Locale.ROOT, "%,d %s  %,d/s", done, noun, Math.round(rate())));
        secondsToGo()
                .filter(seconds -> seconds > 0)
                .ifPresent(seconds ->
                        line.append("  ").append(Durations.of(seconds)).append(" to go"));
        return line.toString();
    }
}
