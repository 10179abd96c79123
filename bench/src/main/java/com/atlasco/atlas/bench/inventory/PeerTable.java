package com.atlasco.atlas.bench.inventory;

import com.atlasco.atlas.bench.copy.BinaryCopy;
import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.NumberText;
import com.atlasco.atlas.model.Value;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the inventory is kept by hand: each in a schema of its own in one database beside Atlas's. Unlogged, to be loaded
 * sooner: they are read only, which takes the same time.
 */
public enum PeerTable {

    /**
     * The classic entity–attribute–value table: a row per value with typed columns, hash-partitioned by attribute, a
     * primary key and an index for each type.
     */
    SEED("seed") {
        @Override
        List<String> tables(List<Attribute> attributes) {
            return List.of("""
                    CREATE TABLE seed.eav (
                        tenant_id    bigint  NOT NULL,
                        attribute_id integer NOT NULL,
                        entity_id    bigint  NOT NULL,
                        value_number double precision,
                        value_text   text COLLATE "C",
                        value_ts     timestamptz,
                        value_bool   boolean
                    ) PARTITION BY HASH (attribute_id)""", """
                    DO $$
                    BEGIN
                        FOR i IN 0..15 LOOP
                            EXECUTE format('CREATE UNLOGGED TABLE seed.eav_p%s PARTITION OF seed.eav'
                                ' FOR VALUES WITH (MODULUS 16, REMAINDER %s)', i, i);
                        END LOOP;
                    END
                    $$""");
        }

        @Override
        List<String> indexes(List<Attribute> attributes) {
            List<String> indexes = new ArrayList<>();
            indexes.add("ALTER TABLE seed.eav ADD PRIMARY KEY (tenant_id, entity_id, attribute_id)");
            for (String column : List.of("value_number", "value_text", "value_ts", "value_bool")) {
                indexes.add("CREATE INDEX ON seed.eav (tenant_id, attribute_id, %1$s, entity_id) WHERE %1$s IS NOT NULL"
                        .formatted(column));
            }
            return indexes;
        }

        @Override
        String copy(List<Attribute> attributes) {
            return "COPY seed.eav (tenant_id, attribute_id, entity_id, value_number, value_text, value_ts, value_bool)"
                    + " FROM STDIN (FORMAT binary)";
        }

        @Override
        void append(BinaryCopy copy, Attributes attributes, long entityId, List<Optional<Value>> values) {
            for (int i = 0; i < values.size(); i++) {
                int id = attributes.ids().get(i);
                values.get(i)
                        .ifPresent(value -> copy.row(7)
                                .int8(attributes.tenant())
                                .int4(id)
                                .int8(entityId)
                                .typed(value));
            }
        }
    },

    /** A document with an index over everything in it. */
    JSONB("jsonb_gin") {
        @Override
        List<String> tables(List<Attribute> attributes) {
            return List.of("""
                    CREATE UNLOGGED TABLE jsonb_gin.document (
                        entity_id bigint NOT NULL,
                        document  jsonb  NOT NULL
                    )""");
        }

        @Override
        List<String> indexes(List<Attribute> attributes) {
            return List.of(
                    "ALTER TABLE jsonb_gin.document ADD PRIMARY KEY (entity_id)",
                    "CREATE INDEX ON jsonb_gin.document USING gin (document jsonb_path_ops)");
        }

        @Override
        String copy(List<Attribute> attributes) {
            return "COPY jsonb_gin.document (entity_id, document) FROM STDIN (FORMAT binary)";
        }

        @Override
        void append(BinaryCopy copy, Attributes attributes, long entityId, List<Optional<Value>> values) {
            StringBuilder document = new StringBuilder("{");
            for (int i = 0; i < values.size(); i++) {
                if (values.get(i).isPresent()) {
                    document.append(document.length() == 1 ? "\"" : ",\"")
                            .append(attributes.all().get(i).name())
                            .append("\":")
                            .append(json(values.get(i).get()));
                }
            }
            copy.row(2).int8(entityId).jsonb(document.append('}').toString());
        }
    },

    /** A table made for these attributes: a column and an index for each. */
    WIDE("wide") {
        @Override
        List<String> tables(List<Attribute> attributes) {
            return List.of("CREATE UNLOGGED TABLE wide.asset (entity_id bigint NOT NULL, "
                    + attributes.stream()
                            .map(attribute -> attribute.name() + " " + type(attribute.type()))
                            .collect(Collectors.joining(", "))
                    + ")");
        }

        @Override
        List<String> indexes(List<Attribute> attributes) {
            List<String> statements = new ArrayList<>();
            statements.add("ALTER TABLE wide.asset ADD PRIMARY KEY (entity_id)");
            attributes.forEach(attribute ->
                    statements.add("CREATE INDEX ON wide.asset (%s, entity_id)".formatted(attribute.name())));
            statements.add("CREATE STATISTICS wide.place (dependencies, mcv) ON country, city FROM wide.asset");
            return statements;
        }

        @Override
        String copy(List<Attribute> attributes) {
            return "COPY wide.asset FROM STDIN (FORMAT binary)";
        }

        @Override
        void append(BinaryCopy copy, Attributes attributes, long entityId, List<Optional<Value>> values) {
            copy.row(1 + values.size()).int8(entityId);
            values.forEach(value -> value.ifPresentOrElse(copy::value, copy::nothing));
        }
    };

    /** The database they are in. */
    public static final String DATABASE = "bench_peers";

    // Of one width, so that texts are in the order of the times they tell.
    private static final DateTimeFormatter FIXED_WIDTH =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final String schema;

    PeerTable(String schema) {
        this.schema = schema;
    }

    /** Also its name as a contender. */
    public String schema() {
        return schema;
    }

    abstract List<String> tables(List<Attribute> attributes);

    abstract List<String> indexes(List<Attribute> attributes);

    abstract String copy(List<Attribute> attributes);

    abstract void append(BinaryCopy copy, Attributes attributes, long entityId, List<Optional<Value>> values);

    /**
     * The attributes as Atlas registered them.
     *
     * @param ids in the order of the attributes; the classic table uses them too, and so fills the same partitions
     */
    public record Attributes(long tenant, List<Attribute> all, List<Integer> ids) {

        /** The id of one of them. */
        public int id(Attribute attribute) {
            return ids.get(all.indexOf(attribute));
        }
    }

    static String type(DataType type) {
        return switch (type) {
            case NUMBER -> "double precision";
            case TEXT -> "text COLLATE \"C\"";
            case TS -> "timestamptz";
            case BOOL -> "boolean";
            case JSON -> "jsonb";
        };
    }

    /** Where the classic table has values of a type. */
    public static String column(DataType type) {
        return switch (type) {
            case NUMBER -> "value_number";
            case TEXT -> "value_text";
            case TS -> "value_ts";
            case BOOL -> "value_bool";
            case JSON -> "value_jsonb";
        };
    }

    /** A value as the document has it: a time is a text, and the order of the texts is that of the times. */
    public static String json(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) -> NumberText.of(number);
            // None of the texts here needs escaping.
            case Value.TextValue(String text) -> '"' + text + '"';
            case Value.BoolValue(boolean bool) -> Boolean.toString(bool);
            case Value.TimestampValue timestamp -> '"' + timeText(timestamp.instant()) + '"';
            case Value.JsonValue(String json) -> json;
        };
    }

    /** A time as the document has it. */
    public static String timeText(Instant instant) {
        return FIXED_WIDTH.format(instant);
    }
}
