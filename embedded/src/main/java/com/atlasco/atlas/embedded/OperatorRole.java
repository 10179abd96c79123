package com.atlasco.atlas.embedded;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The role with which people on this machine look at the data and try the replica: no superuser, no files, no
 * programs, and from the loopback no password.
 */
final class OperatorRole {

    static final String NAME = "atlas_operator";

    private static final String PROVIDE = """
            DO $$
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'atlas_operator') THEN
                    CREATE ROLE atlas_operator LOGIN BYPASSRLS REPLICATION;
                    GRANT pg_read_all_data, pg_write_all_data, pg_monitor, pg_signal_backend, pg_checkpoint
                        TO atlas_operator;
                    GRANT ALTER SYSTEM ON PARAMETER recovery_min_apply_delay TO atlas_operator;
                    GRANT EXECUTE ON FUNCTION pg_wal_replay_pause(), pg_wal_replay_resume(), pg_reload_conf(),
                        pg_switch_wal() TO atlas_operator;
                END IF;
            END
            $$""";

    private OperatorRole() {}

    /** Creates the role when it is missing; its rights on functions are those of the connection's database. */
    static void provide(Connection connection) throws SQLException {
        Sql.execute(connection, PROVIDE);
    }
}
