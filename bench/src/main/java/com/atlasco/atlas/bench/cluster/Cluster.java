package com.atlasco.atlas.bench.cluster;

import com.atlasco.atlas.bench.http.HttpConnection;
import com.atlasco.atlas.bench.http.Requests;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** Atlas, empty, as {@code ./atlas up} starts it: a JVM and its PostgreSQL servers. */
public final class Cluster implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final TierSet tiers;
    private final URI url;
    private final String jdbcBase;
    private final String user;
    private final String password;
    private final CpuClock cpu;

    private Cluster(Process process, TierSet tiers, Path directory, JsonNode status) throws IOException {
        this.process = process;
        this.tiers = tiers;
        this.url = URI.create(status.path("http").path("url").asText());
        JsonNode primary = status.path("primary");
        this.jdbcBase = "jdbc:postgresql://%s:%d/"
                .formatted(primary.path("host").asText(), primary.path("port").asInt());
        Path postgres = directory.resolve("postgres");
        this.user = "atlas";
        this.password = Files.readString(postgres.resolve("password")).strip();
        this.cpu = new CpuClock(
                process.pid(),
                postmaster(postgres.resolve("primary")),
                tiers == TierSet.ALL ? Optional.of(postmaster(postgres.resolve("replica"))) : Optional.empty());
    }

    private static long postmaster(Path server) throws IOException {
        return Long.parseLong(
                Files.readAllLines(server.resolve("postmaster.pid")).getFirst().strip());
    }

    /**
     * Starts it and returns when it is ready.
     *
     * @param command what starts the command line, to which {@code up} and its options are added
     * @param directory for its data; made when absent
     * @param started hears the process at once, so that whoever is told to stop can stop it
     */
    public static Cluster start(
            List<String> command, TierSet tiers, Path directory, java.util.function.Consumer<Process> started)
            throws IOException {
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(
                List.of("up", "--json", "--no-sample-data", "--port", "0", "--data-dir", directory.toString()));
        arguments.addAll(tiers.options());
        Path errors = Files.createTempFile(directory.getParent(), "up-", ".err");
        Process process =
                new ProcessBuilder(arguments).redirectError(errors.toFile()).start();
        started.accept(process);
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            throw new IOException("Atlas ended before it was ready:\n" + Files.readString(errors));
        }
        return new Cluster(process, tiers, directory, MAPPER.readTree(line));
    }

    public TierSet tiers() {
        return tiers;
    }

    public URI url() {
        return url;
    }

    /** A connection of the superuser, for whom there is no row-level security. */
    public Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("prepareThreshold", "1");
        properties.setProperty("ApplicationName", "atlas bench");
        properties.setProperty("tcpNoDelay", "true");
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    /** The database that Atlas itself uses. */
    public Connection connect() throws SQLException {
        return connect("atlas");
    }

    public String jdbcUrl(String database) {
        return jdbcBase + database;
    }

    public String user() {
        return user;
    }

    public String password() {
        return password;
    }

    public CpuSeconds cpu() {
        return cpu.read();
    }

    /** Seconds of the cores that the primary's walsenders have used: a part of what {@link #cpu} says of the primary. */
    public double walsenders() {
        return cpu.walsenders();
    }

    /** The heap that the server uses now, garbage included, in bytes. */
    public long heapUsed() throws IOException {
        try (HttpConnection connection = HttpConnection.open(url)) {
            return connection
                    .exchange(Requests.get("/metrics", 1, List.of()))
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("jvm_memory_used_bytes{") && line.contains("area=\"heap\""))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    /** Waits until replica and columnar store contain what has been written; at once where there are none. */
    public void awaitCaughtUp(Duration patience) throws SQLException, InterruptedException, IOException {
        if (tiers == TierSet.PRIMARY) {
            return;
        }
        try (Connection connection = connect()) {
            String written = one(connection, "SELECT pg_current_wal_flush_lsn()::text");
            await(connection, patience, """
                    SELECT NOT EXISTS (SELECT FROM pg_stat_replication WHERE application_name = 'atlas_replica'
                            AND replay_lsn < '%1$s'::pg_lsn)
                        AND NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_type = 'logical'
                            AND confirmed_flush_lsn < '%1$s'::pg_lsn)""".formatted(written));
        }
    }

    /** Waits until no autovacuum is under way, which would cost whoever comes next. */
    public void awaitQuiet(Duration patience) throws SQLException, InterruptedException, IOException {
        try (Connection connection = connect()) {
            await(
                    connection,
                    patience,
                    "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'autovacuum worker')");
        }
    }

    private static void await(Connection connection, Duration patience, String condition)
            throws SQLException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!one(connection, condition).equals("t") && System.nanoTime() < end) {
            Thread.sleep(POLL);
        }
    }

    /** The first column of the first row. */
    public static String one(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    /** Makes an empty database. */
    public void createDatabase(String name) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
    }

    /** Stops it in order; by force after half a minute. */
    @Override
    public void close() {
        stop(process);
    }

    /** Stops it in order; by force only after so long. */
    public void close(Duration patience) {
        stop(process, patience);
    }

    static void stop(Process process) {
        stop(process, PATIENCE);
    }

    private static void stop(Process process, Duration patience) {
        process.toHandle().destroy();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
