package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Reads Debezium's records in Connect format. A record that cannot be read is an error that names its row; it is never
 * left out. Stateless.
 */
final class RecordDecoder {

    /** How Debezium writes {@link ConnectorProperties#UNCHANGED} for an array of integers: a number for each byte. */
    private static final List<Integer> UNCHANGED_INTEGERS = placeholderOfIntegers();

    private RecordDecoder() {}

    /** The end of the commit before the record's own transaction; missing where Debezium does not know it. */
    static OptionalLong precedingCommit(SourceRecord record) {
        Map<String, ?> offset = record.sourceOffset();
        return offset.get("lsn_commit") instanceof Long commit ? OptionalLong.of(commit) : OptionalLong.empty();
    }

    /** The transaction that the record is of; empty where Debezium does not know it. */
    static Optional<StreamPlace.Transaction> transaction(SourceRecord record) {
        Struct source = source(record);
        return source.get("txId") instanceof Long id
                ? Optional.of(new StreamPlace.Transaction(id, source.getInt64("ts_us")))
                : Optional.empty();
    }

    /** @throws IllegalArgumentException when the record has not the form of the published tables */
    static CapturedRecord decode(SourceRecord record, ChangeOrder order) {
        try {
            Struct value = (Struct) record.value();
            String table = source(record).getString("table");
            String operation = value.getString("op");
            return switch (table) {
                case ConnectorProperties.ENTITY ->
                    switch (operation) {
                        case "d" ->
                            new CapturedRecord.Changed(
                                    entityDeleted((Struct) record.key(), committedAt(record), order));
                        case "t" -> new CapturedRecord.Truncated(table);
                        default ->
                            new CapturedRecord.Changed(entity(record, operation, value.getStruct("after"), order));
                    };
                case ConnectorProperties.ATTRIBUTE_TYPE ->
                    switch (operation) {
                        case "d" -> new CapturedRecord.Changed(attributeTypeDeleted((Struct) record.key(), order));
                        case "t" -> new CapturedRecord.Truncated(table);
                        default -> new CapturedRecord.Changed(attributeType(value.getStruct("after"), order));
                    };
                case ConnectorProperties.HEARTBEAT ->
                    switch (operation) {
                        case "d", "t" -> new CapturedRecord.Ignored();
                        default -> new CapturedRecord.Beat(heartbeat(value.getStruct("after")));
                    };
                case ConnectorProperties.TENANT ->
                    switch (operation) {
                        case "d" ->
                            new CapturedRecord.Changed(new Change.TenantDeleted(tenant((Struct) record.key()), order));
                        default -> new CapturedRecord.Ignored();
                    };
                default -> throw new IllegalArgumentException("table " + table + " is not captured");
            };
        } catch (RuntimeException malformed) {
            throw new IllegalArgumentException(
                    "cannot read the record of " + record.topic() + " with key " + record.key() + " at " + order + ": "
                            + malformed.getMessage(),
                    malformed);
        }
    }

    /** Whether the record concerns a heartbeat, and so no entity. */
    static boolean isOfHeartbeat(SourceRecord record) {
        return source(record).getString("table").equals(ConnectorProperties.HEARTBEAT);
    }

    private static Struct source(SourceRecord record) {
        if (record.value() instanceof Struct value && value.schema().field("source") != null) {
            return value.getStruct("source");
        }
        throw new IllegalArgumentException("not a record of a captured table: " + record.topic());
    }

    /** By the primary's clock. */
    private static Instant committedAt(SourceRecord record) {
        return Instant.EPOCH.plus(source(record).getInt64("ts_us"), ChronoUnit.MICROS);
    }

    private static Change entity(SourceRecord record, String operation, Struct row, ChangeOrder order) {
        String text = row.getString("document");
        Optional<Document> document =
                text.equals(ConnectorProperties.UNCHANGED) ? Optional.empty() : Optional.of(DocumentCodec.decode(text));
        return new Change.EntityUpserted(
                tenant(row),
                row.getInt64("entity_id"),
                row.getString("entity_type"),
                row.getInt64("version"),
                document,
                changedAttributes(row.getArray("changed_attributes"), document),
                instant(row, "updated_at"),
                committedAt(record),
                order,
                operation.equals("c"));
    }

    /** Every id of the document when the log did not carry which of them changed: too many is safe, too few is not. */
    private static Set<Integer> changedAttributes(List<Integer> changed, Optional<Document> document) {
        if (changed.equals(UNCHANGED_INTEGERS)) {
            return all(document);
        }
        return Set.copyOf(changed);
    }

    private static Set<Integer> all(Optional<Document> document) {
        return document.map(known -> Set.copyOf(known.values().keySet())).orElse(Set.of());
    }

    /** From the key: the log carries nothing else of a deleted row. */
    private static Change entityDeleted(Struct key, Instant committedAt, ChangeOrder order) {
        return new Change.EntityDeleted(tenant(key), key.getInt64("entity_id"), committedAt, order);
    }

    private static Change attributeType(Struct row, ChangeOrder order) {
        String dataType = row.getString("data_type");
        return new Change.AttributeTypeUpserted(
                tenant(row),
                new AttributeType(
                        row.getInt32("attribute_id"),
                        row.getString("name"),
                        DataType.ofWireName(dataType)
                                .orElseThrow(() -> new DataException("there is no data type " + dataType)),
                        row.getBoolean("filterable"),
                        row.getBoolean("hot"),
                        words(row, "unit"),
                        words(row, "description")),
                order);
    }

    /** Words for people; none when the log did not carry them, which happens to long ones beside large constraints. */
    private static Optional<String> words(Struct row, String column) {
        return Optional.ofNullable(row.getString(column)).filter(text -> !text.equals(ConnectorProperties.UNCHANGED));
    }

    private static Change attributeTypeDeleted(Struct key, ChangeOrder order) {
        return new Change.AttributeTypeDeleted(tenant(key), key.getInt32("attribute_id"), order);
    }

    private static Heartbeat heartbeat(Struct row) {
        return new Heartbeat(
                row.getString("node_id"),
                row.getInt64("sequence"),
                new Position(row.getInt64("system_id"), row.getInt32("timeline"), new Lsn(row.getInt64("lsn"))),
                instant(row, "sent_at"));
    }

    private static TenantId tenant(Struct row) {
        return new TenantId(row.getInt64("tenant_id"));
    }

    /** A timestamptz comes as ISO 8601 text with all its microseconds. */
    private static Instant instant(Struct row, String column) {
        return UtcText.parse(row.getString(column));
    }

    private static List<Integer> placeholderOfIntegers() {
        List<Integer> integers = new ArrayList<>();
        for (byte unit : ConnectorProperties.UNCHANGED.getBytes(StandardCharsets.UTF_8)) {
            integers.add((int) unit);
        }
        return List.copyOf(integers);
    }
}
