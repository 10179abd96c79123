package com.atlasco.atlas.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A connection can end between any two calls; no server can be made to end it there. */
class TransactionTest {

    private static final String BROKEN = "08006";

    private final List<String> calls = new ArrayList<>();
    private final List<Connection> discarded = new ArrayList<>();

    private Transaction on(Connection connection) {
        return new Transaction(new Session(connection, new Session.State()), discarded::add);
    }

    @Test
    void whatTheServerHasCommittedStaysWrittenWhenTheConnectionEndsRightAfterIt() throws SQLException {
        Connection connection = endingAt("setAutoCommit true");
        Database.Committed<String> committed = on(connection).run(session -> "done", () -> {});
        assertThat(committed.result()).isEqualTo("done");
        assertThat(committed.position()).isEqualTo(new Position(42, 1, new Lsn(42)));
        assertThat(discarded).containsExactly(connection);
        assertThat(calls).doesNotContain("rollback");
    }

    @Test
    void workThatFailsIsRolledBack() {
        assertThatThrownBy(() -> on(endingAt("never"))
                        .run(
                                session -> {
                                    throw new SQLException("as it happens", "23505");
                                },
                                () -> {}))
                .isInstanceOf(SQLException.class);
        assertThat(calls).containsExactly("setAutoCommit false", "rollback", "setAutoCommit true");
        assertThat(discarded).isEmpty();
    }

    private Connection endingAt(String last) {
        ResultSet row = proxy(ResultSet.class, Map.of("next", true, "getLong", 42L, "getString", "00000001"));
        PreparedStatement statement = proxy(
                PreparedStatement.class,
                Map.of("execute", true, "getMoreResults", true, "getResultSet", row, "executeQuery", row));
        InvocationHandler handler = (_, method, arguments) -> {
            String call = arguments == null || !method.getName().equals("setAutoCommit")
                    ? method.getName()
                    : method.getName() + " " + arguments[0];
            if (method.getDeclaringClass() == Object.class) {
                return call.equals("equals") ? true : call.equals("hashCode") ? 1 : call;
            }
            if (call.equals("prepareStatement")) {
                return statement;
            }
            calls.add(call);
            if (call.equals(last)) {
                throw new SQLException("the connection has been closed", BROKEN);
            }
            return null;
        };
        return (Connection)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Connection.class}, handler);
    }

    private static <T> T proxy(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                TransactionTest.class.getClassLoader(),
                new Class<?>[] {type},
                (_, method, arguments) -> answers.get(method.getName())));
    }
}
