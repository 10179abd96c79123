package com.atlasco.atlas.capture;

import com.atlasco.atlas.model.Lsn;
import io.debezium.connector.postgresql.PostgresConnector;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;

/** The configuration of one run of the engine. */
final class ConnectorProperties {

    static final String ENTITY = "entity";
    static final String ATTRIBUTE_TYPE = "attr_type";
    static final String TENANT = "tenant";
    static final String HEARTBEAT = "heartbeat";

    /** Stands for a value the log did not carry; not JSON, hence no document. */
    static final String UNCHANGED = "__atlas_unchanged__";

    private static final String NAME = "atlas";

    private static final List<String> TABLES = List.of(TENANT, ATTRIBUTE_TYPE, ENTITY, HEARTBEAT);

    /** Of records that wait for the store, as Debezium estimates them. */
    private static final long QUEUE_BYTES = 128L << 20;

    private ConnectorProperties() {}

    /**
     * @param at which of the servers
     * @param resumeFrom the end of the last whole transaction in the store
     */
    static Properties of(CaptureSettings settings, CaptureSettings.Server at, Lsn resumeFrom) {
        Properties properties = new Properties();
        properties.setProperty(WatermarkOffsetStore.ENGINE_NAME, NAME);
        properties.setProperty(WatermarkOffsetStore.TOPIC_PREFIX, NAME);
        properties.setProperty("connector.class", PostgresConnector.class.getName());
        properties.setProperty("offset.storage", WatermarkOffsetStore.class.getName());
        properties.setProperty(WatermarkOffsetStore.RESUME_FROM, resumeFrom.toString());
        properties.setProperty(
                "offset.flush.interval.ms",
                Long.toString(settings.confirmInterval().toMillis()));

        properties.setProperty("database.hostname", at.host());
        properties.setProperty("database.port", Integer.toString(at.port()));
        properties.setProperty("database.dbname", settings.database());
        properties.setProperty("database.user", settings.user());
        properties.setProperty("database.password", settings.password());
        properties.setProperty("plugin.name", "pgoutput");
        properties.setProperty("slot.name", settings.slotName());
        // A walsender that lost its client may hold the slot for a moment.
        properties.setProperty("slot.max.retries", "25");
        properties.setProperty("slot.retry.delay.ms", "200");
        properties.setProperty("publication.name", settings.publication());
        properties.setProperty("publication.autocreate.mode", "disabled");
        properties.setProperty("lsn.flush.mode", "connector");
        properties.setProperty("offset.mismatch.strategy", "no_validation");
        properties.setProperty("status.update.interval.ms", "1000");
        properties.setProperty("heartbeat.interval.ms", "0");

        // Anchored by Debezium, so the partitions entity_p0, … are not meant: the root stands for them.
        properties.setProperty("table.include.list", patterns(settings, TABLES));
        // Snapshots are ours: in chunks, and resumed.
        properties.setProperty("snapshot.mode", "no_data");
        properties.setProperty("tombstones.on.delete", "false");
        // The default skips TRUNCATE without a word.
        properties.setProperty("skipped.operations", "none");
        properties.setProperty("unavailable.value.placeholder", UNCHANGED);
        properties.setProperty("decimal.handling.mode", "precise");
        properties.setProperty("time.precision.mode", "adaptive");
        properties.setProperty("message.prefix.exclude.list", ".*");
        properties.setProperty("provide.transaction.metadata", "false");
        // Headers that nobody reads, made for each record.
        properties.setProperty("extended.headers.enabled", "false");

        // Two runs whose metrics have one name wait a minute for each other before they give up: those of two pipelines
        // in one process, and a run that begins while the one before it has yet to end.
        properties.setProperty("custom.metric.tags", "run=" + UUID.randomUUID());
        properties.setProperty(
                "poll.interval.ms", Long.toString(settings.maxBatchDelay().toMillis()));
        properties.setProperty("max.batch.size", Integer.toString(settings.maxBatch()));
        properties.setProperty("max.queue.size", Integer.toString(2 * settings.maxBatch()));
        // Documents may be large; counted, not only numbered.
        properties.setProperty("max.queue.size.in.bytes", Long.toString(QUEUE_BYTES));
        // A failed run ends; the pipeline starts the next one from the watermark. Debezium's own restart would go on
        // from offsets that the store may not have.
        properties.setProperty("errors.max.retries", "0");
        properties.setProperty("retriable.restart.connector.wait.ms", "500");
        properties.setProperty("record.processing.shutdown.timeout.ms", "500");
        return properties;
    }

    private static String patterns(CaptureSettings settings, List<String> tables) {
        return tables.stream().map(table -> settings.schema() + "\\." + table).collect(Collectors.joining(","));
    }
}
