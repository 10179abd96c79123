package com.atlasco.atlas.bench.dataset;

import com.atlasco.atlas.model.NumberText;
import com.atlasco.atlas.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Entities as the API takes them. Not thread-safe. */
public final class EntityJson {

    private final Dataset dataset;
    private final StringBuilder json = new StringBuilder();

    public EntityJson(Dataset dataset) {
        this.dataset = dataset;
    }

    /** Entities of one tenant, one a line. */
    public byte[] lines(long tenant, List<Long> entityIds) {
        json.setLength(0);
        for (long entityId : entityIds) {
            json.append("{\"entity_id\":").append(entityId).append(',');
            members(tenant, entityId);
            json.append("}\n");
        }
        return bytes();
    }

    /** The body that puts one entity, whose id the path names. */
    public byte[] body(long tenant, long entityId) {
        json.setLength(0);
        json.append('{');
        members(tenant, entityId);
        json.append('}');
        return bytes();
    }

    private byte[] bytes() {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void members(long tenant, long entityId) {
        json.append("\"entity_type\":\"").append(Dataset.ENTITY_TYPE).append("\",\"attributes\":{");
        List<Value> values = dataset.values(tenant, entityId);
        for (int i = 0; i < values.size(); i++) {
            json.append(i == 0 ? "\"" : ",\"")
                    .append(dataset.attributes().get(i).name())
                    .append("\":");
            switch (values.get(i)) {
                case Value.NumberValue(double number) -> json.append(NumberText.of(number));
                // None of the texts here needs escaping.
                case Value.TextValue(String text) ->
                    json.append('"').append(text).append('"');
                case Value.BoolValue(boolean bool) -> json.append(bool);
                case Value.TimestampValue timestamp ->
                    json.append('"').append(timestamp.instant()).append('"');
                case Value.JsonValue(String value) -> json.append(value);
            }
        }
        json.append('}');
    }
}
