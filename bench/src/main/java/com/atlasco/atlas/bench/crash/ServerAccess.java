package com.atlasco.atlas.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Connections to the servers of a node on this machine. Immutable.
 *
 * @param status as the node tells it, with {@code primary} and {@code replica}
 */
public record ServerAccess(Path dataDirectory, JsonNode status) {

    /** As the operator, who needs no password on this machine. */
    public Connection operator(String role) throws SQLException {
        return DriverManager.getConnection(
                url(role), status.path(role).path("user").asText(), "");
    }

    /** As the superuser, whose name the operator may ask for, and whose password lies beside the data. */
    public Connection superuser(String role) throws SQLException, IOException {
        String name;
        try (Connection connection = operator(role);
                Statement statement = connection.createStatement();
                ResultSet roles = statement.executeQuery(
                        "SELECT rolname FROM pg_roles WHERE rolsuper AND rolcanlogin ORDER BY oid LIMIT 1")) {
            roles.next();
            name = roles.getString(1);
        }
        return DriverManager.getConnection(
                url(role),
                name,
                Files.readString(dataDirectory.resolve("postgres").resolve("password"))
                        .strip());
    }

    /** Where the server listens. */
    public int port(String role) {
        return status.path(role).path("port").intValue();
    }

    String url(String role) {
        JsonNode server = status.path(role);
        return "jdbc:postgresql://%s:%d/%s"
                .formatted(
                        server.path("host").asText(),
                        port(role),
                        server.path("database").asText());
    }
}
