package com.atlasco.atlas.postgres;

import java.util.Properties;

/** What the driver is told about a connection. */
final class DriverProperties {

    /** Which execution of a statement is the first that is prepared by the server, where nothing else is said. */
    static final int PREPARED_FROM = 3;

    /** How the application names of all connections of nodes begin; a primary is asked for it. */
    private static final String NODES = "atlas ";

    private DriverProperties() {}

    /** @param planning options of the session that concern its plans; may be empty */
    static Properties of(PostgresSettings settings, String planning, int preparedFrom) {
        Properties properties = new Properties();
        String name = settings.applicationName();
        properties.setProperty("ApplicationName", name.startsWith(NODES) ? name : NODES + name);
        properties.setProperty("connectTimeout", "2");
        // A paused server's kernel goes on accepting connections; nobody answers the first message.
        properties.setProperty("loginTimeout", "3");
        // Of several hosts, which is the primary: after a failover it is another one within a moment.
        properties.setProperty("hostRecheckSeconds", "1");
        properties.setProperty("tcpKeepAlive", "true");
        // The deadline ends what nobody answers; this is for a peer that vanished under a call with no deadline.
        properties.setProperty(
                "socketTimeout", Long.toString(settings.statementTimeout().toSeconds() + 10));
        properties.setProperty("prepareThreshold", Integer.toString(preparedFrom));
        // No JIT: it costs more than any of these statements takes. A statement whose caller was given its answer at
        // the deadline ends, and lets go of its locks, within a second.
        properties.setProperty(
                "options",
                "-c statement_timeout=%d -c jit=off -c idle_in_transaction_session_timeout=60000 -c client_connection_check_interval=1000 %s"
                        .formatted(settings.statementTimeout().toMillis(), planning));
        return properties;
    }

    /** The same with the user and the password. */
    static Properties withLogin(PostgresSettings settings, String planning) {
        Properties properties = of(settings, planning, PREPARED_FROM);
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        return properties;
    }
}
