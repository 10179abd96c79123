package com.atlasco.atlas.capture;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of the machine's own in a temporary directory, with the schema. */
final class TestServer implements AutoCloseable {

    private static final Path BINARIES = Path.of(System.getProperty("atlas.test.pgbin", "/usr/lib/postgresql/15/bin"));

    private final Path directory;
    private final int port;

    private TestServer(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    static boolean available() {
        return Files.isExecutable(BINARIES.resolve("initdb"));
    }

    static TestServer create() throws Exception {
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "atlas-capture");
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        TestServer server = new TestServer(directory, port);
        if (server.root()) {
            run(List.of("chown", "postgres", directory.toString()));
        }
        server.asServerUser("initdb", "-D", server.data(), "-U", "atlas", "-A", "trust", "-E", "UTF8", "--no-locale");
        server.start();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE atlas_service");
            statement.execute(schema().replace("${service_role}", "atlas_service"));
        }
        return server;
    }

    private static String schema() throws IOException {
        try (InputStream resource =
                TestServer.class.getResourceAsStream("/com/atlasco/atlas/postgres/migration/V1__schema.sql")) {
            return new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    void start() throws Exception {
        asServerUser(
                "pg_ctl",
                "-D",
                data(),
                "-w",
                "-l",
                directory.resolve("log").toString(),
                "-o",
                "-p " + port + " -k " + directory + " -c wal_level=logical -c listen_addresses=127.0.0.1"
                        + " -c max_wal_size=2GB -c shared_buffers=128MB",
                "start");
    }

    void stop(String mode) throws Exception {
        asServerUser("pg_ctl", "-D", data(), "-w", "-m", mode, "stop");
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    private void asServerUser(String program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        if (root()) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(BINARIES.resolve(program).toString());
        command.addAll(List.of(arguments));
        run(command);
    }

    private static void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .directory(Path.of("/tmp").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("failed: " + command);
        }
    }

    Connection connect() throws SQLException {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName("postgres");
        dataSource.setUser("atlas");
        return dataSource.getConnection();
    }

    void execute(String sql, Object... parameters) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }

    String query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    CaptureSettings settings() {
        return CaptureSettings.of("127.0.0.1", port, "postgres", "atlas", "");
    }

    @Override
    public void close() throws Exception {
        try {
            stop("immediate");
        } finally {
            run(List.of("rm", "-rf", directory.toString()));
        }
    }
}
