package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.ArithmeticOperator;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.filter.Term;
import java.util.Locale;

/**
 * Appends terms as SQL expressions: DOUBLE, VARCHAR, TIMESTAMP or BOOLEAN; arrays as canonical JSON. What is computed and
 * then used several times is the parameter of a lambda, so that no expression is written twice.
 */
final class DuckDbTerm {

    private static final String WITHIN_LIMITS =
            "CASE WHEN abs(%%1$s) > %s THEN NULL WHEN abs(%%1$s) < %s THEN 0 ELSE %%1$s END"
                    .formatted(ArithmeticOperator.LARGEST, ArithmeticOperator.SMALLEST);

    private static final String POWER = """
            CASE WHEN t.x IS NULL OR t.y IS NULL THEN NULL WHEN t.y = 0 THEN 1
            WHEN t.x = 0 THEN CASE WHEN t.y > 0 THEN 0 END
            WHEN t.x < 0 AND t.y <> trunc(t.y) THEN NULL
            WHEN t.y * ln(abs(t.x)) > %1$s THEN NULL
            WHEN t.y * ln(abs(t.x)) < -%1$s THEN 0
            ELSE list_transform([pow(t.x, t.y)],
            lambda p: CASE WHEN p = trunc(p) AND abs(p) <= %2$s THEN p ELSE p * %3$s - (p * %3$s - p) END)[1] END""".formatted(
                    number(ArithmeticOperator.LARGEST_POWER),
                    number(ArithmeticOperator.EXACT_INTEGERS),
                    number(ArithmeticOperator.LAST_BITS));

    private final PropertyColumns columns;
    private final SqlText sql;

    DuckDbTerm(PropertyColumns columns, SqlText sql) {
        this.columns = columns;
        this.sql = sql;
    }

    void append(Term term) {
        switch (term) {
            case Term.Reference(Property property) -> sql.append("(" + columns.expression(property) + ")");
            case Term.Literal(Value value) -> sql.value(value);
            case Term.Calculation(ArithmeticOperator operator, Term left, Term right) ->
                appendCalculation(operator, left, right);
            case Term.Folded folded -> {
                sql.append("list_transform([");
                append(folded.operand());
                sql.append("], lambda s: " + DuckDbFolding.sql(folded.folding()) + ")[1]");
            }
        }
    }

    private void appendCalculation(ArithmeticOperator operator, Term left, Term right) {
        switch (operator) {
            case ADD, SUBTRACT, MULTIPLY -> appendInfix("(", left, " " + operator.symbol() + " ", right, ")");
            case DIVIDE -> appendInfix("(", left, " / nullif(", right, ", 0))");
            case DIV -> appendInfix("trunc(", left, " / nullif(", right, ", 0))");
            case REMAINDER ->
                appendInfix(
                        "list_transform([{'x': ",
                        left,
                        ", 'y': ",
                        right,
                        "}], lambda t: t.x - t.y * trunc(t.x / nullif(t.y, 0)))[1]");
            case POWER ->
                appendInfix("list_transform([{'x': ", left, ", 'y': ", right, "}], lambda t: " + POWER + ")[1]");
        }
    }

    private void appendInfix(String before, Term left, String between, Term right, String after) {
        sql.append(before);
        appendOperand(left);
        sql.append(between);
        appendOperand(right);
        sql.append(after);
    }

    /** A number within the limits of arithmetic. */
    private void appendOperand(Term term) {
        switch (term) {
            case Term.Reference(Property property) ->
                sql.append("(" + WITHIN_LIMITS.formatted("(" + columns.expression(property) + ")") + ")");
            case Term.Literal(Value.NumberValue(double number)) -> appendLiteral(number);
            default -> {
                sql.append("list_transform([");
                append(term);
                sql.append("], lambda v: " + WITHIN_LIMITS.formatted("v") + ")[1]");
            }
        }
    }

    private void appendLiteral(double number) {
        if (Math.abs(number) > ArithmeticOperator.LARGEST) {
            sql.append("CAST(NULL AS DOUBLE)");
        } else {
            sql.value(Math.abs(number) < ArithmeticOperator.SMALLEST ? 0.0 : number);
        }
    }

    /** A condition on the elements of two arrays; NULL unless both are arrays. */
    void appendArrays(String function, Term left, Term right) {
        sql.append("list_transform([{'x': CAST(");
        append(left);
        sql.append(" AS VARCHAR), 'y': CAST(");
        append(right);
        sql.append(" AS VARCHAR)}], lambda t: CASE WHEN json_type(t.x) = 'ARRAY' AND json_type(t.y) = 'ARRAY' THEN "
                + function + "(json_extract(t.x, '$[*]'), json_extract(t.y, '$[*]')) END)[1]");
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, "CAST(%.0f AS DOUBLE)", number);
    }
}
