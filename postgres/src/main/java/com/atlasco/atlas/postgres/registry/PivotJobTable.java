package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The SQL of what is left to do in the pivot. */
final class PivotJobTable {

    private static final String BEGIN = """
            INSERT INTO pivot_job (tenant_id, attribute_id, rows_total)
            VALUES (?, ?, ?)
            ON CONFLICT (tenant_id, attribute_id) DO UPDATE
            SET done_through = 0, rows_done = 0, rows_total = EXCLUDED.rows_total, complete = false, started_at = now()""";

    private static final String ESTIMATE = "SELECT atlas_estimate_rows(?, ?)";

    private static final String CLAIM = """
            SELECT done_through, complete FROM pivot_job WHERE tenant_id = ? AND attribute_id = ?
            FOR UPDATE SKIP LOCKED""";

    private static final String PROGRESS = """
            SELECT rows_done, greatest(rows_done, rows_total), started_at
            FROM pivot_job WHERE tenant_id = ? AND attribute_id = ?""";

    private static final String ADVANCE = """
            UPDATE pivot_job SET done_through = ?, rows_done = rows_done + ?, complete = ?
            WHERE tenant_id = ? AND attribute_id = ?""";

    private static final String END = "DELETE FROM pivot_job WHERE tenant_id = ? AND attribute_id = ?";

    private PivotJobTable() {}

    /** An attribute that somebody has to work on. */
    record Job(TenantId tenant, int attributeId) {}

    /** A job that nobody else works on until the transaction ends. */
    record Claim(long doneThrough, boolean complete) {}

    /** The jobs of all tenants, the oldest first. */
    static List<Job> jobs(Session session) throws SQLException {
        List<Job> jobs = new ArrayList<>();
        try (PreparedStatement statement = session.prepare("SELECT tenant_id, attribute_id FROM atlas_pivot_jobs()");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                jobs.add(new Job(new TenantId(rows.getLong(1)), rows.getInt(2)));
            }
        }
        return jobs;
    }

    /**
     * About how many entities the tenant has, or how many rows of an attribute are in the pivot; counts up to 100,000.
     */
    static long estimate(Session session, TenantId tenant, OptionalInt attributeId) throws SQLException {
        try (PreparedStatement statement = session.prepare(ESTIMATE)) {
            statement.setLong(1, tenant.value());
            if (attributeId.isPresent()) {
                statement.setInt(2, attributeId.getAsInt());
            } else {
                statement.setNull(2, Types.INTEGER);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Begins the job that the type's state asks for, in place of the one there may be. Waits for who works on that. */
    static void begin(Session session, TenantId tenant, AttributeType type, long rowsTotal) throws SQLException {
        try (PreparedStatement statement = session.prepare(BEGIN)) {
            statement.setLong(1, tenant.value());
            statement.setInt(2, type.attributeId());
            statement.setLong(3, rowsTotal);
            statement.executeUpdate();
        }
    }

    /** Takes a job; empty when it is done or somebody else works on it. */
    static Optional<Claim> claim(Session session, Job job) throws SQLException {
        try (PreparedStatement statement = session.prepare(CLAIM)) {
            statement.setLong(1, job.tenant().value());
            statement.setInt(2, job.attributeId());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(new Claim(row.getLong(1), row.getBoolean(2))) : Optional.empty();
            }
        }
    }

    static Optional<PivotProgress> progress(Session session, TenantId tenant, int attributeId) throws SQLException {
        try (PreparedStatement statement = session.prepare(PROGRESS)) {
            statement.setLong(1, tenant.value());
            statement.setInt(2, attributeId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new PivotProgress(
                                row.getLong(1),
                                row.getLong(2),
                                row.getObject(3, OffsetDateTime.class).toInstant()))
                        : Optional.empty();
            }
        }
    }

    static void advance(Session session, Job job, long doneThrough, long rows, boolean complete) throws SQLException {
        try (PreparedStatement statement = session.prepare(ADVANCE)) {
            statement.setLong(1, doneThrough);
            statement.setLong(2, rows);
            statement.setBoolean(3, complete);
            statement.setLong(4, job.tenant().value());
            statement.setInt(5, job.attributeId());
            statement.executeUpdate();
        }
    }

    static void end(Session session, Job job) throws SQLException {
        try (PreparedStatement statement = session.prepare(END)) {
            statement.setLong(1, job.tenant().value());
            statement.setInt(2, job.attributeId());
            statement.executeUpdate();
        }
    }
}
