package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.statistics.AttributeStatistics;
import com.atlasco.atlas.postgres.statistics.Column;
import com.atlasco.atlas.postgres.statistics.StatisticsCatalog;
import com.atlasco.atlas.server.Tenants;
import java.util.List;

/** What plans are chosen by. */
final class StatisticsHandlers {

    /** Frequent values that are shown. */
    private static final int SHOWN = 10;

    private final Tenants tenants;
    private final StatisticsCatalog statistics;

    StatisticsHandlers(Tenants tenants, StatisticsCatalog statistics) {
        this.tenants = tenants;
        this.statistics = statistics;
    }

    /** Looks at all filterable attributes of the tenant anew, and says what was found. */
    Reply rebuild(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        List<AttributeType> types = tenants.registry(tenant).types().stream()
                .filter(type -> type.indexed() && type.dataType() != DataType.JSON)
                .toList();
        double entities = statistics
                .rebuild(tenant, List.of(Column.Intrinsic.ENTITY_ID, Column.Intrinsic.ENTITY_TYPE))
                .getFirst()
                .rows();
        List<AttributeStatistics> built = statistics.rebuild(
                tenant,
                types.stream()
                        .map(type -> new Column.Attribute(type.attributeId(), type.dataType()))
                        .toList());
        return Reply.json(200, json -> {
            json.writeStartObject();
            json.writeNumberField("entities", Math.round(entities));
            json.writeArrayFieldStart("attributes");
            for (int i = 0; i < types.size(); i++) {
                AttributeStatistics found = built.get(i);
                json.writeStartObject();
                json.writeStringField("name", types.get(i).name());
                json.writeNumberField("rows", Math.round(found.rows()));
                json.writeNumberField("nulls", Math.max(0, Math.round(entities - found.rows())));
                json.writeNumberField("distinct", Math.round(found.distinct()));
                json.writeNumberField("frequent", found.frequent(SHOWN).size());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
