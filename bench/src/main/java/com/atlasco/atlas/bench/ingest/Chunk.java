package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.dataset.Dataset;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Entities of one tenant that share a transaction, as Atlas stores them.
 *
 * @param attributeIds of the tenant, in the order of the values
 */
record Chunk(long tenant, List<Integer> attributeIds, List<Row> entities) {

    private static final Comparator<Value> BY_VALUE = (left, right) -> switch (left) {
        case Value.NumberValue(double number) -> Double.compare(number, ((Value.NumberValue) right).number());
        case Value.TextValue(String text) -> text.compareTo(((Value.TextValue) right).text());
        case Value.TimestampValue(long micros) -> Long.compare(micros, ((Value.TimestampValue) right).epochMicros());
        case Value.BoolValue(boolean bool) -> Boolean.compare(bool, ((Value.BoolValue) right).bool());
        case Value.JsonValue(String json) -> json.compareTo(((Value.JsonValue) right).json());
    };

    /** One entity. */
    record Row(long id, List<Value> values) {}

    /** One value of one entity. */
    record PivotRow(int attributeId, Value value, long entityId) {}

    static Chunk of(Dataset dataset, Tenant tenant, long firstId, int entities) {
        List<Row> rows = new ArrayList<>(entities);
        for (long id = firstId; id < firstId + entities; id++) {
            rows.add(new Row(id, dataset.values(tenant.id(), id)));
        }
        return new Chunk(tenant.id(), tenant.attributeIds(), rows);
    }

    /** The documents as they are stored, in the order of the entities. */
    List<String> documents() {
        return entities.stream().map(this::document).toList();
    }

    private String document(Row entity) {
        TreeMap<Integer, Value> values = new TreeMap<>();
        for (int i = 0; i < attributeIds.size(); i++) {
            values.put(attributeIds.get(i), entity.values().get(i));
        }
        return DocumentCodec.encode(new Document(values));
    }

    /** Sorted by attribute, value and entity: neighbours in an index follow each other. */
    List<PivotRow> pivot() {
        List<PivotRow> rows = new ArrayList<>(entities.size() * attributeIds.size());
        for (int i = 0; i < attributeIds.size(); i++) {
            for (Row entity : entities) {
                rows.add(new PivotRow(attributeIds.get(i), entity.values().get(i), entity.id()));
            }
        }
        rows.sort(Comparator.comparingInt(PivotRow::attributeId)
                .thenComparing(PivotRow::value, BY_VALUE)
                .thenComparingLong(PivotRow::entityId));
        return rows;
    }
}
