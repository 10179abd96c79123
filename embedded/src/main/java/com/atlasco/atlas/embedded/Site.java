package com.atlasco.atlas.embedded;

import java.util.function.Consumer;

/** What both servers of one data directory share. */
record Site(
        DataLayout layout,
        Installation installation,
        ServerSettings settings,
        String password,
        Poll poll,
        Consumer<String> progress) {

    PostgresEndpoint endpoint(int port) {
        return new PostgresEndpoint(
                EmbeddedPostgres.HOST, port, EmbeddedPostgres.DATABASE, EmbeddedPostgres.SUPERUSER, password);
    }

    PostgresServer server(String role) {
        return new PostgresServer(
                layout.postgres().resolve(role), new ServerLog(layout.logs(), role), installation, poll, progress);
    }
}
