package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.model.Value;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Predicates on typed columns. */
public final class Columns {

    private Columns() {}

    /** The predicate, with a column for each attribute. */
    public static SqlText condition(Predicate predicate, Function<Attribute, String> column) {
        return switch (predicate) {
            case Predicate.Equal(Attribute attribute, Value value) ->
                new SqlText().append(column.apply(attribute) + " = ?", SqlText.parameter(value));
            case Predicate.Range(Attribute attribute, var low, var high) -> range(column.apply(attribute), low, high);
            case Predicate.Prefix(Attribute attribute, String prefix) ->
                new SqlText().append(column.apply(attribute) + " LIKE ?", prefix + "%");
            case Predicate.In(Attribute attribute, List<String> values) ->
                new SqlText()
                        .append(
                                column.apply(attribute) + " IN (" + String.join(", ", Collections.nCopies(values.size(), "?")) + ")",
                                values.toArray());
            case Predicate.Not(Predicate.Equal operand) ->
                new SqlText().append("NOT (").append(condition(operand, column)).append(")");
            case Predicate.Or(List<Predicate.Simple> operands) -> {
                SqlText sql = new SqlText();
                for (Predicate.Simple operand : operands) {
                    sql.append(sql.isEmpty() ? "(" : " OR ").append(condition(operand, column));
                }
                yield sql.append(")");
            }
        };
    }

    private static SqlText range(String column, Optional<Value> low, Optional<Value> high) {
        SqlText sql = new SqlText();
        low.ifPresent(value -> sql.append(column + " >= ?", SqlText.parameter(value)));
        high.ifPresent(value -> sql.append((sql.isEmpty() ? "" : " AND ") + column + " < ?", SqlText.parameter(value)));
        return new SqlText().append("(").append(sql).append(")");
    }
}
