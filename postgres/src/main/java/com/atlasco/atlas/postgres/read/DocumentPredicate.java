package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.filter.Term;
import java.util.List;

/**
 * A filter as an SQL condition over a row e of entity. A missing member is NULL, and from there on SQL's three-valued
 * logic is the filter language's.
 */
final class DocumentPredicate {

    private DocumentPredicate() {}

    static Sql of(Filter filter) {
        return switch (filter) {
            case Filter.Constant(boolean value) -> Sql.of(value ? "true" : "false");
            case Filter.And(List<Filter> operands) -> joined(" AND ", operands);
            case Filter.Or(List<Filter> operands) -> joined(" OR ", operands);
            case Filter.Not(Filter operand) ->
                Sql.of("(NOT ").append(of(operand)).append(")");
            case Filter.Comparison(Property property, Filter.Operator operator, var value) ->
                DocumentExpression.of(property)
                        .append(" " + operator.symbol() + " ")
                        .append(DocumentExpression.literal(property, value))
                        .parenthesized();
            case Filter.Between(Property property, var low, var high) ->
                DocumentExpression.of(property)
                        .append(" BETWEEN ")
                        .append(DocumentExpression.literal(property, low))
                        .append(" AND ")
                        .append(DocumentExpression.literal(property, high))
                        .parenthesized();
            case Filter.In(Property property, var values) ->
                DocumentExpression.of(property)
                        .append(" = ANY (")
                        .append(DocumentExpression.literals(property, values))
                        .append(")")
                        .parenthesized();
            case Filter.Like(Property property, LikePattern pattern) ->
                DocumentExpression.of(property)
                        .append(" LIKE ?::text ESCAPE '\\'", pattern.toSql())
                        .parenthesized();
            case Filter.IsNull(Property property) ->
                DocumentExpression.isNull(property).parenthesized();
            case Filter.TermComparison(Term left, Filter.Operator operator, Term right) ->
                DocumentTerm.of(left)
                        .append(" " + operator.symbol() + " ")
                        .append(DocumentTerm.of(right))
                        .parenthesized();
            case Filter.TermIn(Term operand, var values) ->
                DocumentTerm.of(operand)
                        .append(" = ANY (")
                        .append(DocumentTerm.literals(operand.dataType(), values))
                        .append(")")
                        .parenthesized();
            case Filter.TermLike(Term operand, LikePattern pattern) ->
                DocumentTerm.of(operand)
                        .append(" LIKE ?::text ESCAPE '\\'", pattern.toSql())
                        .parenthesized();
            case Filter.TermIsNull(Term operand) ->
                DocumentTerm.of(operand).append(" IS NULL").parenthesized();
            case Filter.IsUnknown(Filter operand) ->
                of(operand).append(" IS NULL").parenthesized();
            case Filter.ArrayContains(Term whole, Term part) -> DocumentArrays.contains(whole, part);
            case Filter.ArrayOverlaps(Term left, Term right) -> DocumentArrays.overlap(left, right);
        };
    }

    private static Sql joined(String connective, List<Filter> operands) {
        return Sql.join(connective, operands.stream().map(DocumentPredicate::of).toList())
                .parenthesized();
    }
}
