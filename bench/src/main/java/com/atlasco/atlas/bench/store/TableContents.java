package com.atlasco.atlas.bench.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a table takes in a file that nobody has open.
 *
 * @param rows that are there
 * @param stored rows that are stored, those that were deleted and lie there still included
 * @param rowGroups in which they lie
 */
record TableContents(long rows, long stored, long rowGroups) {

    static TableContents of(Path file, String table) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("""
                        SELECT (SELECT count(*) FROM %1$s), sum(count), count(DISTINCT row_group_id)
                        FROM pragma_storage_info('%1$s')
                        WHERE column_id = 0 AND segment_type <> 'VALIDITY'
                        """.formatted(table))) {
            found.next();
            return new TableContents(found.getLong(1), found.getLong(2), found.getLong(3));
        }
    }
}
