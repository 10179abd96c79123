package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.Value;
import java.time.Instant;
import java.util.OptionalLong;

/** What stands in the place of the entity table in a query of one tenant: the table itself, or what it once held. */
sealed interface Relation {

    /** Appends it with its alias. */
    void append(SqlText sql, long tenantId);

    /** The entities as they are. */
    record Current() implements Relation {
        @Override
        public void append(SqlText sql, long tenantId) {
            sql.append("entity");
        }
    }

    /**
     * The entities as they were, composed of their histories: of each attribute the last value, unless the entity was
     * deleted after it.
     *
     * @param entityId of this entity alone
     */
    record AsOf(Instant instant, OptionalLong entityId) implements Relation {
        @Override
        public void append(SqlText sql, long tenantId) {
            sql.append("""
                    (WITH past AS (
                        SELECT *, {'lsn': commit_lsn, 'ordinal': commit_ordinal} AS place
                        FROM history WHERE tenant_id =
                    """).value(tenantId).append(" AND committed_at <= ").value(Value.TimestampValue.of(instant));
            entityId.ifPresent(id -> sql.append(" AND entity_id = ").value(id));
            sql.append("""
                    ), head AS (
                        SELECT entity_id, max(place) AS place,
                            max(place) FILTER (attribute_id IS NULL AND removed) AS deleted,
                            max_by(entity_type, place) AS entity_type, max_by(version, place) AS version,
                            max_by(updated_at, place) AS updated_at
                        FROM past GROUP BY entity_id
                    ), latest AS (
                        SELECT entity_id, attribute_id, max(place) AS place, max_by({
                            'removed': removed, 'number': value_number, 'text': value_text, 'ts': value_ts,
                            'bool': value_bool, 'json': value_json}, place) AS value
                        FROM past WHERE attribute_id IS NOT NULL GROUP BY entity_id, attribute_id
                    ), maps AS (
                        SELECT entity_id,
                            map_from_entries(list({'k': attribute_id, 'v': value.number})
                                FILTER (value.number IS NOT NULL)) AS numbers,
                            map_from_entries(list({'k': attribute_id, 'v': value.text})
                                FILTER (value.text IS NOT NULL)) AS texts,
                            map_from_entries(list({'k': attribute_id, 'v': epoch_us(value.ts)})
                                FILTER (value.ts IS NOT NULL)) AS timestamps,
                            map_from_entries(list({'k': attribute_id, 'v': value.bool})
                                FILTER (value.bool IS NOT NULL)) AS booleans,
                            map_from_entries(list({'k': attribute_id, 'v': value.json})
                                FILTER (value.json IS NOT NULL)) AS jsons
                        FROM latest JOIN head USING (entity_id)
                        WHERE NOT value.removed AND (deleted IS NULL OR latest.place > deleted)
                        GROUP BY entity_id
                    )
                    SELECT
                    """).value(tenantId).append("""
                     AS tenant_id, entity_id, entity_type, version, updated_at, numbers, texts, timestamps, booleans, jsons
                    FROM head LEFT JOIN maps USING (entity_id)
                    WHERE deleted IS NULL OR head.place > deleted) AS entity""");
        }
    }
}
