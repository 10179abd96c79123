package com.atlasco.atlas.server.alert;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts alerts and what is told of them. Thread-safe. */
final class AlertMeters implements AlertListener {

    private final MeterRegistry meters;

    AlertMeters(MeterRegistry meters, AlertBoard board) {
        this.meters = meters;
        for (AlertReport report : board.reports()) {
            String name = report.rule().name();
            Gauge.builder("atlas.alert.firing", () -> firing(board, name))
                    .description("1 while the alert fires, otherwise 0")
                    .tag("alert", name)
                    .register(meters);
            transitions(name, true);
            transitions(name, false);
        }
    }

    private static double firing(AlertBoard board, String name) {
        return board.reports().stream()
                        .anyMatch(report ->
                                report.firing() && report.rule().name().equals(name))
                ? 1
                : 0;
    }

    @Override
    public void changed(AlertReport report) {
        transitions(report.rule().name(), report.firing()).increment();
    }

    private Counter transitions(String name, boolean firing) {
        return Counter.builder("atlas.alert.transitions")
                .description("How often the alert began to fire, or was resolved")
                .tag("alert", name)
                .tag("to", firing ? "firing" : "resolved")
                .register(meters);
    }
}
