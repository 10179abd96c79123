package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.copy.BinaryCopy;
import com.atlasco.atlas.bench.dataset.Dataset;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Fills the tables of Atlas by COPY: documents, then pivot rows in the order of the indexes. */
final class CopyPeer implements Peer {

    private static final String ENTITIES = """
            COPY entity (tenant_id, entity_id, entity_type, version, document, changed_attributes, updated_at)
            FROM STDIN (FORMAT binary)""";
    private static final String PIVOT = """
            COPY entity_attribute (tenant_id, attribute_id, entity_id, value_number, value_text, value_ts, value_bool)
            FROM STDIN (FORMAT binary)""";

    @Override
    public String name() {
        return "limit";
    }

    @Override
    public String way() {
        return "copy";
    }

    @Override
    public PeerDatabase database() {
        return PeerDatabase.LIMIT_COPY;
    }

    @Override
    public Transaction prepare(Chunk chunk) {
        byte[] entities = entities(chunk);
        byte[] pivot = pivot(chunk);
        return connection -> {
            copy(connection, ENTITIES, entities);
            copy(connection, PIVOT, pivot);
        };
    }

    private static void copy(Connection connection, String sql, byte[] rows) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        copy.writeToCopy(rows, 0, rows.length);
        copy.endCopy();
    }

    private static byte[] entities(Chunk chunk) {
        BinaryCopy copy = new BinaryCopy();
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        List<String> documents = chunk.documents();
        for (int i = 0; i < documents.size(); i++) {
            copy.row(7)
                    .int8(chunk.tenant())
                    .int8(chunk.entities().get(i).id())
                    .text(Dataset.ENTITY_TYPE)
                    .int8(1)
                    .jsonb(documents.get(i))
                    .int4Array(chunk.attributeIds())
                    .timestamp(now);
        }
        return copy.end();
    }

    private static byte[] pivot(Chunk chunk) {
        BinaryCopy copy = new BinaryCopy();
        for (Chunk.PivotRow row : chunk.pivot()) {
            copy.row(7)
                    .int8(chunk.tenant())
                    .int4(row.attributeId())
                    .int8(row.entityId())
                    .typed(row.value());
        }
        return copy.end();
    }
}
