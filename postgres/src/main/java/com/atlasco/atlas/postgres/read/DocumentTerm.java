package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.ArithmeticOperator;
import com.atlasco.atlas.query.filter.Folding;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.filter.Term;
import java.util.List;
import java.util.Locale;

/**
 * A term as an SQL expression over a row e of entity: numbers as float8, timestamps as microseconds in a bigint, text in
 * the order of code points, arrays as jsonb.
 */
final class DocumentTerm {

    /**
     * Operands are brought within the limits of arithmetic, so that no step raises an error. OFFSET 0 keeps PostgreSQL
     * from writing an operand's expression out at each place where it is used, and from computing with constants while it
     * plans, which would raise errors that a CASE keeps away.
     */
    private static final String OPERANDS = """
             FROM (SELECT CASE WHEN abs(o.l) > '%1$s'::float8 THEN NULL WHEN abs(o.l) < '%2$s'::float8 THEN 0 ELSE o.l END AS x,
             CASE WHEN abs(o.r) > '%1$s'::float8 THEN NULL WHEN abs(o.r) < '%2$s'::float8 THEN 0 ELSE o.r END AS y
             FROM (SELECT\s""".formatted(ArithmeticOperator.LARGEST, ArithmeticOperator.SMALLEST);

    private static final String POWER = """
            CASE WHEN x IS NULL OR y IS NULL THEN NULL WHEN y = 0 THEN 1
             WHEN x = 0 THEN CASE WHEN y > 0 THEN 0 END
             WHEN x < 0 AND y <> trunc(y) THEN NULL
             WHEN y * ln(abs(x)) > %1$s THEN NULL
             WHEN y * ln(abs(x)) < -%1$s THEN 0
             ELSE (SELECT CASE WHEN p = trunc(p) AND abs(p) <= %2$s THEN p ELSE p * %3$s - (p * %3$s - p) END
             FROM (SELECT power(x, y) AS p OFFSET 0) q) END""".formatted(
                    number(ArithmeticOperator.LARGEST_POWER),
                    number(ArithmeticOperator.EXACT_INTEGERS),
                    number(ArithmeticOperator.LAST_BITS));

    private DocumentTerm() {}

    static Sql of(Term term) {
        return switch (term) {
            case Term.Reference(Property property) ->
                property instanceof Property.Intrinsic && property.dataType() == DataType.NUMBER
                        ? Sql.of("e." + property.wireName() + "::float8")
                        : DocumentExpression.of(property).parenthesized();
            case Term.Literal(Value value) -> literal(value);
            case Term.Calculation(ArithmeticOperator operator, Term left, Term right) ->
                Sql.of("(SELECT " + step(operator) + " " + OPERANDS)
                        .append(of(left))
                        .append(" AS l, ")
                        .append(of(right))
                        .append(" AS r OFFSET 0) o) t)");
            case Term.Folded(Folding folding, Term operand) -> folded(folding, of(operand));
        };
    }

    private static String step(ArithmeticOperator operator) {
        return switch (operator) {
            case ADD -> "x + y";
            case SUBTRACT -> "x - y";
            case MULTIPLY -> "x * y";
            case DIVIDE -> "x / nullif(y, 0)";
            case REMAINDER -> "x - y * trunc(x / nullif(y, 0))";
            case DIV -> "trunc(x / nullif(y, 0))";
            case POWER -> POWER;
        };
    }

    static Sql folded(Folding folding, Sql text) {
        return switch (folding) {
            case CASE -> Sql.of("(casefold(").append(text).append(" COLLATE \"pg_unicode_fast\") COLLATE \"C\")");
            case ACCENTS ->
                Sql.of("(normalize(regexp_replace(normalize(")
                        .append(text)
                        .append(", NFD), '[" + Folding.MARKS + "]+', '', 'g'), NFC) COLLATE \"C\")");
        };
    }

    /** Several literals of one type as one array. */
    static Sql literals(DataType dataType, List<Value> values) {
        String type = sqlType(dataType);
        return Sql.of(
                "?::" + type + "[]",
                new Sql.ArrayOf(
                        type, values.stream().map(DocumentTerm::parameter).toList()));
    }

    private static Sql literal(Value value) {
        return Sql.of("?::" + sqlType(value.dataType()), parameter(value));
    }

    private static String sqlType(DataType dataType) {
        return switch (dataType) {
            case NUMBER -> "float8";
            case TEXT -> "text";
            case TS -> "bigint";
            case BOOL -> "boolean";
            case JSON -> "jsonb";
        };
    }

    private static Object parameter(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) -> number;
            case Value.TextValue(String text) -> text;
            case Value.TimestampValue(long micros) -> micros;
            case Value.BoolValue(boolean bool) -> bool;
            case Value.JsonValue(String json) -> json;
        };
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, "%.0f::float8", number);
    }
}
