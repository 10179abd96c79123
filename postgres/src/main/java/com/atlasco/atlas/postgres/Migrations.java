package com.atlasco.atlas.postgres;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a database to the schema of this version, and creates the role the service uses. */
public final class Migrations {

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    private static final String LOCATION = "classpath:com/atlasco/atlas/postgres/migration";
    private static final String INVALID_PASSWORD = "28P01";
    private static final String DUPLICATE_OBJECT = "42710";
    private static final String DUPLICATE_ROLE_ROW = "23505";

    private Migrations() {}

    /**
     * Creates the login role when it is missing, gives it the password when it cannot log in with it, and runs the
     * migrations that have not been run. May be called by several nodes at once.
     *
     * @param serviceRole created without BYPASSRLS: row-level security holds for it
     * @throws com.atlasco.atlas.model.AtlasException {@code source_unavailable} when the server cannot be reached
     */
    public static void migrate(
            String adminJdbcUrl, String adminUser, String adminPassword, String serviceRole, String servicePassword) {
        try (Connection admin = DriverManager.getConnection(adminJdbcUrl, adminUser, adminPassword)) {
            provideRole(admin, adminJdbcUrl, serviceRole, servicePassword);
        } catch (SQLException failure) {
            throw SqlErrors.translate("migrations", failure);
        }
        try {
            Flyway.configure()
                    .dataSource(adminJdbcUrl, adminUser, adminPassword)
                    .locations(LOCATION)
                    .placeholders(Map.of("service_role", quoted(serviceRole)))
                    .load()
                    .migrate();
        } catch (org.flywaydb.core.api.FlywayException failure) {
            throw Problem.of(ErrorCode.INTERNAL, "the database's schema could not be brought up to date")
                    .hint("The log of the migration says which statement failed.")
                    .asException(failure);
        }
    }

    private static void provideRole(Connection admin, String jdbcUrl, String role, String password)
            throws SQLException {
        boolean exists;
        try (PreparedStatement statement = admin.prepareStatement("SELECT FROM pg_roles WHERE rolname = ?")) {
            statement.setString(1, role);
            try (ResultSet row = statement.executeQuery()) {
                exists = row.next();
            }
        }
        if (!exists) {
            try {
                setRole(admin, "CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD %L", role, password);
            } catch (SQLException failure) {
                // Another node was faster.
                if (!DUPLICATE_OBJECT.equals(failure.getSQLState())
                        && !DUPLICATE_ROLE_ROW.equals(failure.getSQLState())) {
                    throw failure;
                }
            }
        } else if (!canLogIn(jdbcUrl, role, password)) {
            setRole(admin, "ALTER ROLE %I LOGIN PASSWORD %L", role, password);
        }
        letSeeOthers(admin, role);
    }

    /** What other roles are committing is seen with it; without, whatever they do is taken for a commit. */
    private static void letSeeOthers(Connection admin, String role) throws SQLException {
        try (PreparedStatement member = admin.prepareStatement("SELECT pg_has_role(?, 'pg_read_all_stats', 'USAGE')")) {
            member.setString(1, role);
            try (ResultSet row = member.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    return;
                }
            }
        }
        try {
            setRole(admin, "GRANT pg_read_all_stats TO %I", role, "");
        } catch (SQLException refused) {
            LOG.warn("{} is not let see what other roles do: {}", role, refused.getMessage());
        }
    }

    private static boolean canLogIn(String jdbcUrl, String role, String password) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, role, password)) {
            return connection.isValid(1);
        } catch (PSQLException failure) {
            if (INVALID_PASSWORD.equals(failure.getSQLState())) {
                return false;
            }
            throw failure;
        }
    }

    /** Utility statements take no parameters: the server quotes them. */
    private static void setRole(Connection admin, String template, String role, String password) throws SQLException {
        String sql;
        try (PreparedStatement statement = admin.prepareStatement("SELECT format(?, ?, ?)")) {
            statement.setString(1, template);
            statement.setString(2, role);
            statement.setString(3, password);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                sql = row.getString(1);
            }
        }
        try (Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String quoted(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }
}
