package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.dataset.Dataset;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import org.postgresql.PGConnection;

/** Fills tables by INSERT … SELECT unnest: a document table, a table of values, or both. */
final class UnnestPeer implements Peer {

    private static final String ATLAS_DOCUMENTS = """
            INSERT INTO entity (tenant_id, entity_id, entity_type, version, document, changed_attributes, updated_at)
            SELECT ?, n.id, n.type, 1, n.document::jsonb, n.changed::integer[], now()
            FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[]) AS n (id, type, document, changed)""";
    private static final String PLAIN_DOCUMENTS = """
            INSERT INTO document (tenant_id, entity_id, entity_type, version, document, updated_at)
            SELECT ?, n.id, n.type, 1, n.document::jsonb, now()
            FROM unnest(?::bigint[], ?::text[], ?::text[]) AS n (id, type, document)""";

    private final String name;
    private final PeerDatabase database;

    private UnnestPeer(String name, PeerDatabase database) {
        this.name = name;
        this.database = database;
    }

    static UnnestPeer limit() {
        return new UnnestPeer("limit", PeerDatabase.LIMIT_UNNEST);
    }

    static UnnestPeer seed() {
        return new UnnestPeer("seed", PeerDatabase.EAV);
    }

    static UnnestPeer jsonbGin() {
        return new UnnestPeer("jsonb_gin", PeerDatabase.JSONB);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String way() {
        return "unnest";
    }

    @Override
    public PeerDatabase database() {
        return database;
    }

    /** Tables that are not Atlas's are measured the way that uses the machine best. */
    @Override
    public int fewestConnections() {
        return database == PeerDatabase.LIMIT_UNNEST ? 1 : 2;
    }

    @Override
    public Transaction prepare(Chunk chunk) {
        return switch (database) {
            case LIMIT_COPY, LIMIT_UNNEST -> {
                Transaction documents = documents(ATLAS_DOCUMENTS, chunk, true);
                UnnestValues pivot = new UnnestValues("entity_attribute", chunk);
                yield connection -> {
                    documents.run(connection);
                    pivot.insert(connection);
                };
            }
            case EAV -> new UnnestValues("eav", chunk)::insert;
            case JSONB -> documents(PLAIN_DOCUMENTS, chunk, false);
        };
    }

    private static Transaction documents(String sql, Chunk chunk, boolean withChanged) {
        int size = chunk.entities().size();
        long[] ids = chunk.entities().stream().mapToLong(Chunk.Row::id).toArray();
        String[] types = Collections.nCopies(size, Dataset.ENTITY_TYPE).toArray(String[]::new);
        String[] documents = chunk.documents().toArray(String[]::new);
        String ofOne = chunk.attributeIds().toString().replace('[', '{').replace(']', '}');
        String[] changed = Collections.nCopies(size, ofOne).toArray(String[]::new);
        return connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, chunk.tenant());
                set(connection, statement, 2, "int8", ids);
                set(connection, statement, 3, "text", types);
                set(connection, statement, 4, "text", documents);
                if (withChanged) {
                    set(connection, statement, 5, "text", changed);
                }
                statement.executeUpdate();
            }
        };
    }

    private static void set(Connection connection, PreparedStatement statement, int index, String type, Object array)
            throws SQLException {
        statement.setArray(index, connection.unwrap(PGConnection.class).createArrayOf(type, array));
    }
}
