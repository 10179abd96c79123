package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Entity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.stream.Collectors;

/** The columns of an entity in a result, and how they are read. */
final class EntityRows {

    /** In this order, at the beginning of a row; the table goes by the name e. */
    static final String COLUMNS = "e.entity_id, e.entity_type, e.version, e.document, e.updated_at";

    /** How many columns these are. */
    static final int WIDTH = 5;

    /** More than these, and the whole document is less work: a long one is decompressed for each. */
    private static final int MOST_PICKED = 8;

    private EntityRows() {}

    /**
     * As {@link #COLUMNS}, of rows that have them by the name r, with no more in the document than these attributes; an
     * attribute that an entity lacks may stand there as null.
     */
    static String picked(Set<Integer> attributes) {
        if (attributes.size() > MOST_PICKED) {
            return "r.entity_id, r.entity_type, r.version, r.document, r.updated_at";
        }
        return attributes.stream()
                .sorted()
                .map("'%1$d', r.document -> '%1$d'"::formatted)
                .collect(Collectors.joining(
                        ", ",
                        "r.entity_id, r.entity_type, r.version, jsonb_build_object(",
                        ") AS document, r.updated_at"));
    }

    static Entity read(ResultSet row) throws SQLException {
        return read(row, DocumentCodec.decode(row.getString(4)));
    }

    /** Of {@link #picked}. */
    static Entity readPicked(ResultSet row) throws SQLException {
        return read(row, DocumentCodec.decodePicked(row.getString(4)));
    }

    private static Entity read(ResultSet row, Document document) throws SQLException {
        return new Entity(
                row.getLong(1),
                row.getString(2),
                row.getLong(3),
                document,
                row.getObject(5, OffsetDateTime.class).toInstant());
    }
}
