package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.cql2.Expression.PropertyName;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Filter.Operator;
import com.atlasco.atlas.query.filter.Folding;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.filter.Term;
import java.util.ArrayList;
import java.util.List;

/** Types one syntax tree against a registry. For one use. */
final class FilterBinder {

    private final TermBinder terms;
    private final TemporalBinder temporal;
    private final ArrayBinder arrays;
    private int predicates;

    FilterBinder(Registry registry) {
        this.terms = new TermBinder(registry);
        this.temporal = new TemporalBinder(terms);
        this.arrays = new ArrayBinder(terms);
    }

    Filter bind(Expression expression) {
        return switch (expression) {
            case Expression.Connective connective -> connect(connective);
            case Expression.Negation(Expression operand, var _) -> new Filter.Not(bind(operand));
            default -> {
                if (++predicates > FilterParser.MAX_PREDICATES) {
                    throw TypeErrors.tooLarge(
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
            case Expression.Comparison comparison ->
                compare(comparison.left(), comparison.operator(), comparison.right());
            case Expression.Between between -> between(between);
            case Expression.InList in -> inList(in);
            case Expression.Like like -> like(like);
            case Expression.IsNull(Expression operand, var _) -> isNull(operand);
            case Expression.StandardCall call when call.function().startsWith("T_") -> temporal.bind(call);
            case Expression.StandardCall call when call.function().startsWith("A_") -> arrays.bind(call);
            default -> throw TypeErrors.unsupported(expression);
        };
    }

    private Filter bareProperty(PropertyName name) {
        Property property = terms.resolve(name);
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

    private Filter compare(Expression left, Operator operator, Expression right) {
        if (left instanceof PropertyName name && Literals.isLiteral(right)) {
            return withLiteral(name, operator, right);
        }
        if (right instanceof PropertyName name && Literals.isLiteral(left)) {
            return withLiteral(name, operator.flipped(), left);
        }
        Term first = terms.term(left);
        Term second = left instanceof PropertyName ? terms.operand(right) : terms.term(right);
        return compare(left, first, operator, right, second);
    }

    private Filter withLiteral(PropertyName name, Operator operator, Expression literal) {
        Property property = terms.resolve(name);
        Value value = Literals.coerce(property, literal);
        checkOrdered(name, property.dataType(), operator);
        return new Filter.Comparison(property, operator, value);
    }

    private static Filter compare(Expression left, Term first, Operator operator, Expression right, Term second) {
        Term a = likeType(first, left, second.dataType());
        Term b = likeType(second, right, a.dataType());
        if (a.dataType() != b.dataType()) {
            throw TypeErrors.unlike(left, a.dataType(), right, b.dataType());
        }
        checkOrdered(left, a.dataType(), operator);
        return Comparisons.normal(a, operator, b, left, right);
    }

    /** Text with an instant in it is one where an instant is wanted. */
    private static Term likeType(Term term, Expression expression, DataType wanted) {
        return wanted == DataType.TS && expression instanceof Expression.TextLiteral(String text, var _)
                ? Instants.read(text).<Term>map(Term.Literal::new).orElse(term)
                : term;
    }

    private static void checkOrdered(Expression operand, DataType dataType, Operator operator) {
        if (dataType == DataType.BOOL && operator != Operator.EQUAL && operator != Operator.NOT_EQUAL) {
            throw TypeErrors.unordered(operand, operator.symbol());
        }
    }

    private Filter between(Expression.Between between) {
        if (between.operand() instanceof PropertyName name
                && Literals.isLiteral(between.low())
                && Literals.isLiteral(between.high())) {
            Property property = comparable(name);
            if (property.dataType() == DataType.BOOL) {
                throw TypeErrors.unordered(name, "BETWEEN");
            }
            return new Filter.Between(
                    property, Literals.coerce(property, between.low()), Literals.coerce(property, between.high()));
        }
        Filter low = compare(between.operand(), Operator.GREATER_OR_EQUAL, between.low());
        Filter high = compare(between.operand(), Operator.LESS_OR_EQUAL, between.high());
        return low instanceof Filter.Comparison(Property property, Operator from, Value least)
                        && from == Operator.GREATER_OR_EQUAL
                        && high instanceof Filter.Comparison(Property same, Operator to, Value most)
                        && to == Operator.LESS_OR_EQUAL
                        && property.equals(same)
                ? new Filter.Between(property, least, most)
                : Comparisons.and(List.of(low, high));
    }

    private Property comparable(PropertyName name) {
        Property property = terms.resolve(name);
        if (property.dataType() == DataType.JSON) {
            throw Literals.jsonCompared(property, name.position());
        }
        return property;
    }

    /** Values that are literals make one list; each other one is a comparison. */
    private Filter inList(Expression.InList in) {
        if (in.values().size() > FilterParser.MAX_IN_VALUES) {
            throw TypeErrors.tooLarge(
                    "IN has %,d values; at most %,d are taken"
                            .formatted(in.values().size(), FilterParser.MAX_IN_VALUES),
                    in.values().get(FilterParser.MAX_IN_VALUES).position());
        }
        if (in.operand() instanceof PropertyName name) {
            comparable(name);
        }
        List<Value> literals = new ArrayList<>();
        List<Filter> others = new ArrayList<>();
        Term operand = terms.term(in.operand());
        for (Expression value : in.values()) {
            switch (compare(in.operand(), Operator.EQUAL, value)) {
                case Filter.Comparison(Property property, var _, Value literal)
                when operand.equals(new Term.Reference(property)) -> literals.add(literal);
                case Filter.TermComparison(Term left, var _, Term.Literal(Value literal))
                when left.equals(operand) -> literals.add(literal);
                case Filter other -> others.add(other);
            }
        }
        if (!literals.isEmpty()) {
            others.addFirst(
                    operand instanceof Term.Reference(Property property)
                            ? new Filter.In(property, literals)
                            : new Filter.TermIn(operand, literals));
        }
        return Comparisons.or(others);
    }

    private Filter like(Expression.Like like) {
        LikePattern pattern = pattern(like.pattern());
        Term operand = terms.term(like.operand());
        if (operand.dataType() != DataType.TEXT) {
            throw TypeErrors.of(
                    "%s is of type %s; LIKE applies to type text"
                            .formatted(
                                    like.operand().describe(),
                                    operand.dataType().wireName()),
                    like.operand().position(),
                    operand instanceof Term.Reference(Property property)
                            ? Literals.example(property)
                            : "Match text, as in country LIKE 'U%'.");
        }
        return operand instanceof Term.Reference(Property property)
                ? new Filter.Like(property, pattern)
                : Comparisons.decided(new Filter.TermLike(operand, pattern));
    }

    private static LikePattern pattern(Expression expression) {
        if (expression instanceof Expression.Folded folded) {
            return pattern(folded.operand())
                    .folded(Folding.ofFunction(folded.function()).orElseThrow(() -> TypeErrors.unsupported(folded)));
        }
        if (!(expression instanceof Expression.TextLiteral(String pattern, TextPosition position))) {
            throw TypeErrors.unsupported(expression);
        }
        try {
            return LikePattern.parse(pattern);
        } catch (IllegalArgumentException malformed) {
            throw Problem.of(ErrorCode.FILTER_SYNTAX, "a LIKE pattern cannot end in a single backslash")
                    .at(position)
                    .hint("A backslash makes the next character stand for itself; write two for one.")
                    .asException(malformed);
        }
    }

    /** What is folded is missing where its text is; a condition has no value where it is unknown. */
    private Filter isNull(Expression operand) {
        return switch (operand) {
            case PropertyName name -> new Filter.IsNull(terms.resolve(name));
            case Expression.Folded folded -> {
                terms.term(folded);
                yield isNull(folded.operand());
            }
            case Expression.ArrayLiteral _, Expression.Geometry _, Expression.IntervalLiteral _ ->
                throw TypeErrors.unsupported(operand);
            case Expression condition
            when condition.isCondition() && !condition.isScalar() ->
                Comparisons.decided(new Filter.IsUnknown(bind(condition)));
            default ->
                terms.term(operand) instanceof Term.Literal
                        ? new Filter.Constant(false)
                        : new Filter.TermIsNull(terms.term(operand));
        };
    }
}
