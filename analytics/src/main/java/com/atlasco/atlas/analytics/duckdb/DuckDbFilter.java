package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.filter.Term;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Compiles a filter to SQL. DuckDB's logic is three-valued as the filter's is, and its text is compared byte by byte
 * in UTF-8, which is the order of code points.
 */
final class DuckDbFilter {

    private static final double BEYOND_LONG = 0x1p63;

    private static final int MOST_RUNS_IN_LIKE = 2;
    private static final Pattern SPECIAL = Pattern.compile("[\\\\^$.|?*+()\\[\\]{}]");

    private final PropertyColumns columns;
    private final SqlText sql;
    private final DuckDbTerm terms;

    private DuckDbFilter(PropertyColumns columns, SqlText sql) {
        this.columns = columns;
        this.sql = sql;
        this.terms = new DuckDbTerm(columns, sql);
    }

    /** Appends the filter as one boolean expression in parentheses, or a constant. */
    static void append(Filter filter, PropertyColumns columns, SqlText sql) {
        new DuckDbFilter(columns, sql).append(filter);
    }

    private void append(Filter filter) {
        switch (filter) {
            case Filter.Constant(boolean value) -> sql.append(value ? "TRUE" : "FALSE");
            case Filter.And(List<Filter> operands) -> appendAll(operands, " AND ");
            case Filter.Or(List<Filter> operands) -> appendAll(operands, " OR ");
            case Filter.Not(Filter operand) -> {
                sql.append("(NOT ");
                append(operand);
                sql.append(")");
            }
            case Filter.Comparison(Property property, Filter.Operator operator, Value value) ->
                appendComparison(property, operator, value);
            case Filter.Between(Property property, Value low, Value high) -> {
                sql.append("(");
                appendComparison(property, Filter.Operator.GREATER_OR_EQUAL, low);
                sql.append(" AND ");
                appendComparison(property, Filter.Operator.LESS_OR_EQUAL, high);
                sql.append(")");
            }
            case Filter.In(Property property, List<Value> values) -> appendIn(property, values);
            case Filter.Like(Property property, LikePattern pattern) ->
                appendLike(() -> sql.append(columns.expression(property)), pattern);
            case Filter.IsNull(Property property) ->
                sql.append("(").append(columns.expression(property)).append(" IS NULL)");
            case Filter.TermComparison(Term left, Filter.Operator operator, Term right) -> {
                sql.append("(");
                terms.append(left);
                sql.append(" " + operator.symbol() + " ");
                terms.append(right);
                sql.append(")");
            }
            case Filter.TermIn(Term operand, List<Value> values) -> {
                sql.append("(");
                terms.append(operand);
                sql.append(" IN (");
                for (int i = 0; i < values.size(); i++) {
                    sql.append(i == 0 ? "" : ", ").value(values.get(i));
                }
                sql.append("))");
            }
            case Filter.TermLike(Term operand, LikePattern pattern) -> appendLike(() -> terms.append(operand), pattern);
            case Filter.TermIsNull(Term operand) -> {
                sql.append("(");
                terms.append(operand);
                sql.append(" IS NULL)");
            }
            case Filter.IsUnknown(Filter operand) -> {
                sql.append("(");
                append(operand);
                sql.append(" IS NULL)");
            }
            case Filter.ArrayContains(Term whole, Term part) -> terms.appendArrays("list_has_all", whole, part);
            case Filter.ArrayOverlaps(Term left, Term right) -> terms.appendArrays("list_has_any", left, right);
        }
    }

    /**
     * DuckDB's LIKE backtracks over its wildcards, and no time limit stops it within a chunk of rows. Its regular
     * expressions take linear time.
     */
    private void appendLike(Runnable value, LikePattern pattern) {
        long runs = pattern.parts().stream()
                .filter(LikePattern.Part.AnyRun.class::isInstance)
                .count();
        boolean like = runs <= MOST_RUNS_IN_LIKE;
        sql.append(like ? "(" : "regexp_full_match(");
        value.run();
        if (like) {
            // DuckDB sees that a pattern is a prefix only where no character escapes.
            String text = pattern.toSql();
            sql.append(" LIKE ").value(text).append(text.indexOf('\\') < 0 ? ")" : " ESCAPE '\\')");
        } else {
            sql.append(", ").value(regularExpression(pattern)).append(", 's')");
        }
    }

    private static String regularExpression(LikePattern pattern) {
        StringBuilder expression = new StringBuilder();
        for (LikePattern.Part part : pattern.parts()) {
            switch (part) {
                case LikePattern.Part.Text(String text) ->
                    expression.append(SPECIAL.matcher(text).replaceAll("\\\\$0"));
                case LikePattern.Part.AnyRun() -> expression.append(".*");
                case LikePattern.Part.AnyOne() -> expression.append('.');
            }
        }
        return expression.toString();
    }

    private void appendAll(List<Filter> operands, String word) {
        sql.append("(");
        for (int i = 0; i < operands.size(); i++) {
            sql.append(i == 0 ? "" : word);
            append(operands.get(i));
        }
        sql.append(")");
    }

    private void appendIn(Property property, List<Value> values) {
        boolean whole = values.stream().allMatch(value -> isWhole(property, value));
        sql.append("(" + (whole ? property.wireName() : columns.expression(property)) + " IN (");
        for (int i = 0; i < values.size(); i++) {
            sql.append(i == 0 ? "" : ", ");
            appendLiteral(values.get(i), whole);
        }
        sql.append("))");
    }

    private void appendComparison(Property property, Filter.Operator operator, Value value) {
        boolean whole = isWhole(property, value);
        sql.append("(" + (whole ? property.wireName() : columns.expression(property)) + " " + operator.symbol() + " ");
        appendLiteral(value, whole);
        sql.append(")");
    }

    private void appendLiteral(Value value, boolean whole) {
        if (whole && value instanceof Value.NumberValue(double number)) {
            sql.value((long) number);
        } else {
            sql.value(value);
        }
    }

    /**
     * Whether a bigint is compared with a whole number. As doubles two ids could be one; and a cast column cannot be looked
     * up in the minima and maxima of row groups.
     */
    private static boolean isWhole(Property property, Value value) {
        return (property == Property.Intrinsic.ENTITY_ID || property == Property.Intrinsic.VERSION)
                && value instanceof Value.NumberValue(double number)
                && number == Math.rint(number)
                && Math.abs(number) < BEYOND_LONG;
    }
}
