package com.atlasco.atlas.bench.pipeline;

import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.copy.BinaryCopy;
import com.atlasco.atlas.bench.dataset.Dataset;
import com.atlasco.atlas.model.Value;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The same entities as one row per attribute value, in a database of its own on the same primary: a primary key and no
 * other index, a publication, and a slot. Written as fast as PostgreSQL takes it: new rows by COPY, updates by COPY into a
 * staging table and one upsert that leaves alone what does not change. For one thread.
 */
final class ValueRows implements AutoCloseable {

    static final String DATABASE = "bench_value_rows";

    private static final String SCHEMA = """
            CREATE TABLE value_row (
                tenant_id    bigint  NOT NULL,
                entity_id    bigint  NOT NULL,
                attribute_id integer NOT NULL,
                value_number double precision,
                value_text   text COLLATE "C",
                value_ts     timestamptz,
                value_bool   boolean,
                PRIMARY KEY (tenant_id, entity_id, attribute_id)
            );
            CREATE PUBLICATION bench_value_rows FOR TABLE value_row""";

    private static final String STAGED = """
            CREATE TEMP TABLE staged (LIKE value_row) ON COMMIT DELETE ROWS""";

    private static final String COLUMNS =
            "(tenant_id, entity_id, attribute_id, value_number, value_text, value_ts, value_bool)";

    private static final String UPSERT = """
            INSERT INTO value_row AS known SELECT * FROM staged
            ON CONFLICT (tenant_id, entity_id, attribute_id) DO UPDATE
            SET value_number = excluded.value_number, value_text = excluded.value_text,
                value_ts = excluded.value_ts, value_bool = excluded.value_bool
            WHERE (known.value_number, known.value_text, known.value_ts, known.value_bool)
                IS DISTINCT FROM (excluded.value_number, excluded.value_text, excluded.value_ts, excluded.value_bool)""";

    private final Connection connection;

    private ValueRows(Connection connection) {
        this.connection = connection;
    }

    static void create(Cluster cluster) throws SQLException {
        cluster.createDatabase(DATABASE);
        try (Connection connection = cluster.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA);
        }
    }

    static ValueRows open(Cluster cluster) throws SQLException {
        Connection connection = cluster.connect(DATABASE);
        try (Statement statement = connection.createStatement()) {
            statement.execute(STAGED);
        }
        connection.setAutoCommit(false);
        return new ValueRows(connection);
    }

    /**
     * A batch as rows, made before the time is taken, to be written once.
     *
     * @param newRows how many rows are new
     */
    record Prepared(BinaryCopy created, BinaryCopy updated, long newRows) {}

    static Prepared prepare(EntityMix mix, EntityMix.Batch batch) {
        return new Prepared(
                rows(batch.created(), mix.first()),
                rows(batch.updated(), mix.revision(batch.revision())),
                (long) batch.created().size() * mix.first().attributes().size());
    }

    private static BinaryCopy rows(List<Long> entities, Dataset dataset) {
        BinaryCopy copy = new BinaryCopy();
        for (long entity : entities) {
            List<Value> values = dataset.values(PipelineSettings.TENANT, entity);
            for (int attribute = 0; attribute < values.size(); attribute++) {
                copy.row(7)
                        .int8(PipelineSettings.TENANT)
                        .int8(entity)
                        .int4(attribute + 1)
                        .typed(values.get(attribute));
            }
        }
        return copy;
    }

    /** Writes a batch in a transaction and returns how many rows it inserted or changed. */
    long write(Prepared batch) throws SQLException {
        batch.created().copy(connection, "COPY value_row " + COLUMNS + " FROM STDIN (FORMAT binary)");
        batch.updated().copy(connection, "COPY staged " + COLUMNS + " FROM STDIN (FORMAT binary)");
        long changed;
        try (Statement statement = connection.createStatement()) {
            changed = statement.executeUpdate(UPSERT);
        }
        connection.commit();
        return batch.newRows() + changed;
    }

    /** How many rows there are, and the sum of their numbers to a thousandth, as the columnar copy has to have them. */
    static String content(Cluster cluster) throws SQLException {
        try (Connection connection = cluster.connect(DATABASE)) {
            return Cluster.one(
                    connection, "SELECT count(*) || ' ' || sum(round(value_number::numeric * 1000)) FROM value_row");
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
