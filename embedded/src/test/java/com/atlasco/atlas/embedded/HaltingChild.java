package com.atlasco.atlas.embedded;

import java.nio.file.Path;
import java.sql.Connection;

/** A process of its own that starts the servers, commits a row and dies without a farewell. */
final class HaltingChild {

    static final int EXIT_STATUS = 42;

    private HaltingChild() {}

    public static void main(String[] arguments) throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(EmbeddedOptions.of(Path.of(arguments[0])));
        try (Connection connection = Sql.connect(postgres.primary(), EmbeddedPostgres.DATABASE)) {
            Sql.execute(connection, "CREATE TABLE kept (value text)");
            Sql.execute(connection, "INSERT INTO kept VALUES ('before the halt')");
        }
        Runtime.getRuntime().halt(EXIT_STATUS);
    }
}
