package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.postgres.read.VisibleCommits;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A commit that a replica shows and its primary does not yet: it awaits a standby that there is not. */
@ExtendWith(TestCluster.class)
@Timeout(120)
class VisibleCommitsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String COUNT = "SELECT count(*) FROM shown";

    private final ExecutorService writing = Executors.newVirtualThreadPerTaskExecutor();
    private TestDatabase database;
    private Connection primary;

    @BeforeEach
    void prepare(TestDatabase given) throws SQLException {
        database = given;
        primary = database.connectAsSuperuser();
        run(primary, "CREATE TABLE IF NOT EXISTS shown (x int)");
        run(primary, "TRUNCATE shown");
        await("the replica has the empty table").atMost(PATIENCE).until(() -> onReplica() == 0);
    }

    @AfterEach
    void cleanUp() throws SQLException {
        awaitStandby("");
        writing.close();
        primary.close();
    }

    @Test
    void aCommitThatTheReplicaShowsIsAwaitedAlthoughItIsTheNewestTransaction() throws Exception {
        awaitStandby("nobody");
        Future<?> commit = committing("INSERT INTO shown VALUES (1)");
        await("the replica shows it").atMost(PATIENCE).until(() -> onReplica() == 1);
        assertThat(count(primary)).as("the primary does not").isZero();
        Future<Boolean> visible =
                writing.submit(() -> VisibleCommits.over(primary).await());
        assertThatThrownBy(() -> visible.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        awaitStandby("");
        assertThat(visible.get()).isTrue();
        assertThat(count(primary)).isEqualTo(1);
        commit.get();
    }

    @Test
    void aReadIsRefusedWhereTheCommitAwaitsItsStandbyForLong() throws Exception {
        awaitStandby("nobody");
        Future<?> commit = committing("BEGIN", "INSERT INTO shown VALUES (1)", "COMMIT");
        await("the replica shows it").atMost(PATIENCE).until(() -> onReplica() == 1);
        assertThatThrownBy(() -> VisibleCommits.over(primary).await())
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ErrorCode.FRESHNESS_UNAVAILABLE));
        awaitStandby("");
        commit.get();
        assertThat(VisibleCommits.over(primary).await()).isTrue();
    }

    @Test
    void whatIsAtWorkIsNotAwaited() throws Exception {
        try (Connection writer = database.connectAsSuperuser()) {
            run(writer, "SET application_name = 'atlas writer'");
            run(writer, "BEGIN");
            run(writer, "INSERT INTO shown VALUES (1)");
            assertThat(VisibleCommits.over(primary).await()).isTrue();
            Future<?> statement = writing.submit(() -> {
                run(writer, "SELECT pg_sleep(3)");
                return true;
            });
            await("its statement runs")
                    .atMost(PATIENCE)
                    .until(() -> text(
                                    primary,
                                    "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3)' AND state = 'active'")
                            .equals("1"));
            assertThat(VisibleCommits.over(primary).await()).isTrue();
            assertThat(statement.isDone()).isFalse();
            statement.get();
        }
    }

    private Future<?> committing(String... statements) {
        return writing.submit(() -> {
            try (Connection writer = database.connectAsSuperuser()) {
                for (String statement : statements) {
                    run(writer, statement);
                }
            }
            return true;
        });
    }

    /** Lets commits await a standby of that name; none of the empty one. */
    private void awaitStandby(String name) throws SQLException {
        try (Connection superuser = database.connectAsSuperuser()) {
            run(superuser, "ALTER SYSTEM SET synchronous_standby_names = '" + name + "'");
            run(superuser, "SELECT pg_reload_conf()");
            await().atMost(PATIENCE)
                    .until(() ->
                            text(superuser, "SHOW synchronous_standby_names").equals(name));
        }
    }

    private long onReplica() {
        try (Connection replica =
                DriverManager.getConnection(database.replicaJdbcUrl(), database.superuser(), database.password())) {
            return count(replica);
        } catch (SQLException notThereYet) {
            return -1;
        }
    }

    private static long count(Connection connection) throws SQLException {
        return Long.parseLong(text(connection, COUNT));
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
