package com.atlasco.atlas.it;

import com.atlasco.atlas.embedded.EmbeddedOptions;
import com.atlasco.atlas.embedded.EmbeddedPostgres;
import com.atlasco.atlas.embedded.PostgresEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One embedded PostgreSQL, a primary with its replica, for all test classes of a run: started when the first asks for
 * it, stopped at the end. {@code @ExtendWith(TestCluster.class)} lets constructors and methods take a parameter of this
 * type.
 */
public final class TestCluster implements ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(TestCluster.class);

    /** The cluster, and how many databases have been made in it. */
    private static final class Running implements AutoCloseable {
        private final Path directory;
        private final EmbeddedPostgres postgres;
        private int databases;

        Running() {
            try {
                directory = Files.createTempDirectory("atlas-it-");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            postgres = EmbeddedPostgres.start(EmbeddedOptions.of(directory));
        }

        synchronized String nextDatabase() {
            databases++;
            return "it_" + databases;
        }

        @Override
        public void close() throws IOException {
            postgres.close();
            try (Stream<Path> tree = Files.walk(directory)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** A fresh database of the primary, owned by the superuser. */
    public record TestDatabase(PostgresEndpoint primary, PostgresEndpoint replica, String name) {

        public String jdbcUrl() {
            return url(primary);
        }

        /** The same database on the replica, where it appears a moment later. */
        public String replicaJdbcUrl() {
            return url(replica);
        }

        public String superuser() {
            return primary.superuser();
        }

        public String password() {
            return primary.password();
        }

        public Connection connectAsSuperuser() throws SQLException {
            return DriverManager.getConnection(jdbcUrl(), superuser(), password());
        }

        private String url(PostgresEndpoint endpoint) {
            return "jdbc:postgresql://%s:%d/%s".formatted(endpoint.host(), endpoint.port(), name);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestDatabase.class;
    }

    /** The class's database: made at the first parameter, the same for all of its tests. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return database(context, context.getRequiredTestClass());
    }

    /** The database of that owner: made when first asked for, the same for all who name the owner. */
    public static TestDatabase database(ExtensionContext context, Class<?> owner) {
        ExtensionContext.Store store = context.getRoot().getStore(NAMESPACE);
        Running running = store.computeIfAbsent(Running.class, key -> new Running(), Running.class);
        return store.computeIfAbsent(owner, key -> create(running), TestDatabase.class);
    }

    private static TestDatabase create(Running running) {
        PostgresEndpoint primary = running.postgres.primary();
        String name = running.nextDatabase();
        try (Connection connection =
                        DriverManager.getConnection(primary.jdbcUrl(), primary.superuser(), primary.password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException failure) {
            throw new IllegalStateException("no database could be made for a test", failure);
        }
        return new TestDatabase(primary, running.postgres.replica(), name);
    }
}
