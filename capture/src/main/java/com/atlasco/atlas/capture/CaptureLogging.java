package com.atlasco.atlas.capture;

import java.util.Map;

/** What to tell the logging backend so that Debezium does not drown the rest. */
public final class CaptureLogging {

    private CaptureLogging() {}

    /**
     * Logger name to level. Debezium's errors are reported by {@link CapturePipeline} with their cause, so its own
     * loggers stay off where they would say it again with a second stack trace.
     */
    public static Map<String, String> levels() {
        return Map.of(
                "io.debezium", "WARN",
                "io.debezium.embedded.async.AsyncEmbeddedEngine", "OFF",
                "io.debezium.pipeline", "ERROR",
                "io.debezium.pipeline.ErrorHandler", "OFF",
                "io.debezium.relational.RelationalSnapshotChangeEventSource", "OFF",
                "io.debezium.metrics.stats.MeasurementCollector", "OFF",
                "io.debezium.connector.postgresql.connection.PostgresReplicationConnection", "ERROR",
                "org.apache.kafka", "WARN",
                "org.apache.kafka.connect.storage.OffsetStorageWriter", "ERROR");
    }
}
