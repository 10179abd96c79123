package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Entity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;

/** The columns of an entity in a result, and how they are read. */
final class EntityRows {

    /** In this order, at the beginning of a row; the table goes by the name e. */
    static final String COLUMNS = "e.entity_id, e.entity_type, e.version, e.document, e.updated_at";

    private EntityRows() {}

    static Entity read(ResultSet row) throws SQLException {
        return new Entity(
                row.getLong(1),
                row.getString(2),
                row.getLong(3),
                DocumentCodec.decode(row.getString(4)),
                row.getObject(5, OffsetDateTime.class).toInstant());
    }
}
