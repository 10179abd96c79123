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

    // What was not there from the beginning; a grant that is there already writes nothing but its catalogue row.
    private static final String MAY_PROMOTE = """
            SELECT has_function_privilege('atlas_operator', 'pg_promote(boolean, integer)', 'EXECUTE')""";

    private static final String LET_PROMOTE =
            "GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer) TO atlas_operator";

    /** Creates the role when it is missing; its rights on functions are those of the connection's database. */
    static void provide(Connection connection) throws SQLException {
        Sql.execute(connection, PROVIDE);
        if (Sql.one(connection, MAY_PROMOTE).filter("t"::equals).isEmpty()) {
            Sql.execute(connection, LET_PROMOTE);
        }
    }
}
