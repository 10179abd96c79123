package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.QueryBinder;
import com.atlasco.atlas.query.cql2.Expression.PropertyName;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Filter.Operator;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.Property;
import java.util.ArrayList;
import java.util.List;

/** Types one syntax tree against a registry. For one use. */
final class FilterBinder {

    private final Registry registry;
    private int predicates;

    FilterBinder(Registry registry) {
        this.registry = registry;
    }

    Filter bind(Expression expression) {
        return switch (expression) {
            case Expression.Connective connective -> connect(connective);
            case Expression.Negation(Expression operand, var _) -> new Filter.Not(bind(operand));
            default -> {
                if (++predicates > FilterParser.MAX_PREDICATES) {
                    throw tooLarge(
                            "the filter has more than %d predicates".formatted(FilterParser.MAX_PREDICATES),
                            expression.position());
                }
                yield predicate(expression);
            }
        };
    }

    private Filter connect(Expression.Connective connective) {
        List<Filter> operands = new ArrayList<>();
        for (Expression operand : connective.operands()) {
            switch (bind(operand)) {
                case Filter.And(List<Filter> nested) when connective.conjunction() -> operands.addAll(nested);
                case Filter.Or(List<Filter> nested) when !connective.conjunction() -> operands.addAll(nested);
                case Filter single -> operands.add(single);
            }
        }
        return connective.conjunction() ? new Filter.And(operands) : new Filter.Or(operands);
    }

    private Filter predicate(Expression expression) {
        return switch (expression) {
            case Expression.BooleanLiteral(boolean bool, var _) -> new Filter.Constant(bool);
            case PropertyName name -> bareProperty(name);
            case Expression.Comparison comparison -> comparison(comparison);
            case Expression.Between between -> {
                Property property = ordered(between.operand(), "BETWEEN");
                yield new Filter.Between(property, literal(property, between.low()), literal(property, between.high()));
            }
            case Expression.InList in -> inList(in);
            case Expression.Like like -> like(like);
            case Expression.IsNull(Expression operand, var _) -> new Filter.IsNull(property(operand));
            default -> throw unsupported(expression.describe(), expression.position());
        };
    }

    private Filter bareProperty(PropertyName name) {
        Property property = resolve(name);
        if (property.dataType() != DataType.BOOL) {
            throw Problem.of(
                            ErrorCode.FILTER_SYNTAX,
                            "expected %s after %s, which is of type %s"
                                    .formatted(
                                            SyntaxErrors.COMPARISON,
                                            name.describe(),
                                            property.dataType().wireName()))
                    .at(name.position())
                    .hint(
                            property.dataType() == DataType.JSON
                                    ? "Write %s IS NOT NULL.".formatted(Quoting.quoteName(name.name()))
                                    : Literals.example(property))
                    .asException();
        }
        return new Filter.Comparison(property, Operator.EQUAL, new Value.BoolValue(true));
    }

    private Filter comparison(Expression.Comparison comparison) {
        Expression left = comparison.left();
        Expression right = comparison.right();
        if (left instanceof PropertyName name) {
            return compare(name, comparison.operator(), right);
        }
        if (right instanceof PropertyName name && Literals.isLiteral(left)) {
            return compare(name, flip(comparison.operator()), left);
        }
        if (Literals.isLiteral(left) && Literals.isLiteral(right)) {
            throw unsupported("the comparison of two literals", comparison.position());
        }
        Expression strange = Literals.isLiteral(left) ? right : left;
        throw unsupported(strange.describe(), strange.position());
    }

    private Filter compare(PropertyName name, Operator operator, Expression other) {
        Property property = resolve(name);
        Value value = literal(property, other);
        if (property.dataType() == DataType.BOOL && operator != Operator.EQUAL && operator != Operator.NOT_EQUAL) {
            throw unordered(name, operator.symbol());
        }
        return new Filter.Comparison(property, operator, value);
    }

    private static Operator flip(Operator operator) {
        return switch (operator) {
            case EQUAL, NOT_EQUAL -> operator;
            case LESS -> Operator.GREATER;
            case LESS_OR_EQUAL -> Operator.GREATER_OR_EQUAL;
            case GREATER -> Operator.LESS;
            case GREATER_OR_EQUAL -> Operator.LESS_OR_EQUAL;
        };
    }

    private Filter inList(Expression.InList in) {
        Property property = comparable(in.operand());
        if (in.values().size() > FilterParser.MAX_IN_VALUES) {
            throw tooLarge(
                    "IN has %,d values; at most %,d are taken"
                            .formatted(in.values().size(), FilterParser.MAX_IN_VALUES),
                    in.values().get(FilterParser.MAX_IN_VALUES).position());
        }
        return new Filter.In(
                property,
                in.values().stream().map(value -> literal(property, value)).toList());
    }

    private Filter like(Expression.Like like) {
        Property property = comparable(like.operand());
        if (!(like.pattern() instanceof Expression.TextLiteral(String pattern, TextPosition position))) {
            throw unsupported(like.pattern().describe(), like.pattern().position());
        }
        if (property.dataType() != DataType.TEXT) {
            throw Problem.of(
                            ErrorCode.FILTER_TYPE,
                            "%s is of type %s; LIKE applies to type text"
                                    .formatted(
                                            like.operand().describe(),
                                            property.dataType().wireName()))
                    .at(like.operand().position())
                    .hint(Literals.example(property))
                    .asException();
        }
        try {
            return new Filter.Like(property, LikePattern.parse(pattern));
        } catch (IllegalArgumentException malformed) {
            throw Problem.of(ErrorCode.FILTER_SYNTAX, "a LIKE pattern cannot end in a single backslash")
                    .at(position)
                    .hint("A backslash makes the next character stand for itself; write two for one.")
                    .asException(malformed);
        }
    }

    private Property ordered(Expression operand, String operation) {
        Property property = comparable(operand);
        if (property.dataType() == DataType.BOOL) {
            throw unordered(operand, operation);
        }
        return property;
    }

    private Property comparable(Expression operand) {
        Property property = property(operand);
        if (property.dataType() == DataType.JSON) {
            throw Literals.jsonCompared(property, operand.position());
        }
        return property;
    }

    private Property property(Expression operand) {
        if (operand instanceof PropertyName name) {
            return resolve(name);
        }
        throw unsupported(
                Literals.isLiteral(operand) ? "a literal in place of a property" : operand.describe(),
                operand.position());
    }

    private Value literal(Property property, Expression expression) {
        if (Literals.isLiteral(expression)) {
            return Literals.coerce(property, expression);
        }
        if (expression instanceof PropertyName name) {
            if (QueryBinder.find(name.name(), registry).isEmpty()) {
                throw meantAsText(name);
            }
            throw unsupported("the comparison of two properties", name.position());
        }
        throw unsupported(expression.describe(), expression.position());
    }

    private Property resolve(PropertyName name) {
        Property property = QueryBinder.find(name.name(), registry)
                .orElseThrow(() -> QueryBinder.unknown(name.name(), registry)
                        .at(name.position())
                        .asException());
        QueryBinder.retired(property).ifPresent(problem -> {
            throw problem.at(name.position()).asException();
        });
        return property;
    }

    /** Who writes an unknown name where a literal belongs mostly means the text. */
    private AtlasException meantAsText(PropertyName name) {
        return QueryBinder.unknown(name.name(), registry)
                .at(name.position())
                .hint("Write text in single quotes: %s. %s"
                        .formatted(
                                Quoting.quoteText(Quoting.abbreviate(name.name())),
                                name.quoted()
                                        ? "Double quotes name properties."
                                        : "A word without quotes names a property."))
                .asException();
    }

    private static AtlasException unordered(Expression operand, String operation) {
        return Problem.of(
                        ErrorCode.FILTER_TYPE,
                        "%s is of type bool, which has no order: %s does not apply"
                                .formatted(operand.describe(), operation))
                .at(operand.position())
                .hint("Use = or <> with TRUE or FALSE.")
                .asException();
    }

    private static AtlasException unsupported(String construct, TextPosition position) {
        return Problem.of(ErrorCode.FILTER_UNSUPPORTED, construct + " is CQL2, but is not supported here")
                .at(position)
                .hint("Compare a property with a literal; GET /conformance lists what is supported.")
                .asException();
    }

    private static AtlasException tooLarge(String detail, TextPosition position) {
        return Problem.of(ErrorCode.FILTER_TOO_LARGE, detail)
                .at(position)
                .hint("Ask in several requests.")
                .asException();
    }
}
