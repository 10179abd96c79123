package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.StatementChain;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A piece of SQL and the parameters its question marks stand for. Each question mark is cast in the text. */
final class Sql {

    private final StringBuilder text = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    /** An array parameter. */
    record ArrayOf(String type, List<?> elements) {}

    static Sql of(String text, Object... parameters) {
        return new Sql().append(text, parameters);
    }

    static Sql join(String separator, List<Sql> pieces) {
        Sql joined = new Sql();
        for (int i = 0; i < pieces.size(); i++) {
            joined.append(i == 0 ? "" : separator).append(pieces.get(i));
        }
        return joined;
    }

    Sql append(String piece, Object... values) {
        text.append(piece);
        parameters.addAll(List.of(values));
        return this;
    }

    Sql append(Sql piece) {
        text.append(piece.text);
        parameters.addAll(piece.parameters);
        return this;
    }

    Sql parenthesized() {
        return Sql.of("(").append(this).append(")");
    }

    /** Adds the statement to a chain. */
    void addTo(StatementChain chain, Session session, StatementChain.RowReader reader) throws SQLException {
        Object[] values = parameters.toArray();
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof ArrayOf(String type, List<?> elements)) {
                values[i] = session.connection().createArrayOf(type, elements.toArray());
            }
        }
        chain.query(text.toString(), reader, values);
    }

    PreparedStatement prepare(Session session) throws SQLException {
        PreparedStatement statement = session.prepare(text.toString());
        try {
            for (int i = 0; i < parameters.size(); i++) {
                bind(session, statement, i + 1, parameters.get(i));
            }
            return statement;
        } catch (SQLException | RuntimeException failure) {
            statement.close();
            throw failure;
        }
    }

    private static void bind(Session session, PreparedStatement statement, int index, Object parameter)
            throws SQLException {
        switch (parameter) {
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case Double number -> statement.setDouble(index, number);
            case BigDecimal number -> statement.setBigDecimal(index, number);
            case Boolean bool -> statement.setBoolean(index, bool);
            case String string -> statement.setString(index, string);
            case ArrayOf(String type, List<?> elements) ->
                statement.setArray(index, session.connection().createArrayOf(type, elements.toArray()));
            default -> throw new IllegalArgumentException("no parameter: " + parameter.getClass());
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
