package com.atlasco.atlas.analytics.duckdb;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Runs a query under the reader's time limit. */
interface StatementRunner {
    ResultSet query(PreparedStatement statement) throws SQLException;
}
