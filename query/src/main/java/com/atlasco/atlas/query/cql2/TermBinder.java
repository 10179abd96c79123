package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.QueryBinder;
import com.atlasco.atlas.query.cql2.Expression.PropertyName;
import com.atlasco.atlas.query.filter.ArithmeticOperator;
import com.atlasco.atlas.query.filter.Folding;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.filter.Term;
import java.util.OptionalDouble;

/** Types what has a single value. Arithmetic and foldings of literals are done here, once. */
final class TermBinder {

    /** So many operations may stand in each other: engines recurse over them. */
    static final int MAX_DEPTH = 50;

    /** So many operations of arithmetic may one filter hold beyond those of literals. */
    static final int MAX_CALCULATIONS = 500;

    /** So many foldings may one filter hold beyond those of literals: each is a page of SQL on some engines. */
    static final int MAX_FOLDINGS = 100;

    private final Registry registry;
    private int calculations;
    private int foldings;

    TermBinder(Registry registry) {
        this.registry = registry;
    }

    /**
     * The term that an expression stands for.
     *
     * @throws AtlasException {@code filter_type} when a part of it does not fit, or is of type json
     */
    Term term(Expression expression) {
        return term(expression, 0);
    }

    /** As {@link #term}; an unknown name is taken for text without its quotes. */
    Term operand(Expression expression) {
        return expression instanceof PropertyName name
                        && QueryBinder.find(name.name(), registry).isEmpty()
                ? throwing(meantAsText(name))
                : term(expression);
    }

    private static Term throwing(AtlasException problem) {
        throw problem;
    }

    private Term term(Expression expression, int depth) {
        if (depth > MAX_DEPTH) {
            throw TypeErrors.tooLarge(
                    "more than %d operations stand in each other".formatted(MAX_DEPTH), expression.position());
        }
        return switch (expression) {
            case PropertyName name -> reference(name);
            case Expression.TextLiteral(String text, var _) -> new Term.Literal(new Value.TextValue(text));
            case Expression.NumberLiteral number -> new Term.Literal(Literals.number(number));
            case Expression.BooleanLiteral(boolean bool, var _) -> new Term.Literal(new Value.BoolValue(bool));
            case Expression.InstantLiteral instant -> new Term.Literal(instant.instant());
            case Expression.Arithmetic arithmetic -> arithmetic(arithmetic, depth);
            case Expression.Minus(Expression operand, var _) ->
                calculation(
                        expression,
                        ArithmeticOperator.MULTIPLY,
                        new Term.Literal(new Value.NumberValue(-1)),
                        number(operand, "arithmetic (-)", depth));
            case Expression.Folded folded -> folded(folded, depth);
            default -> throw TypeErrors.unsupported(expression);
        };
    }

    private Term reference(PropertyName name) {
        Property property = resolve(name);
        if (property.dataType() == DataType.JSON) {
            throw Literals.jsonCompared(property, name.position());
        }
        return new Term.Reference(property);
    }

    private Term arithmetic(Expression.Arithmetic arithmetic, int depth) {
        ArithmeticOperator operator = ArithmeticOperator.ofSymbol(arithmetic.operator())
                .orElseThrow(() -> TypeErrors.unsupported(arithmetic));
        String construct = arithmetic.describe();
        return calculation(
                arithmetic,
                operator,
                number(arithmetic.left(), construct, depth),
                number(arithmetic.right(), construct, depth));
    }

    private Term number(Expression operand, String construct, int depth) {
        Term term = term(operand, depth + 1);
        if (term.dataType() != DataType.NUMBER) {
            throw TypeErrors.wrongType(operand, term.dataType(), construct, DataType.NUMBER);
        }
        return term;
    }

    /** Of two literals the result, where there is one. */
    private Term calculation(Expression expression, ArithmeticOperator operator, Term left, Term right) {
        if (left instanceof Term.Literal(Value.NumberValue(double x))
                && right instanceof Term.Literal(Value.NumberValue(double y))) {
            OptionalDouble result = operator.apply(x, y);
            if (result.isPresent()) {
                return new Term.Literal(new Value.NumberValue(result.getAsDouble()));
            }
        }
        if (++calculations > MAX_CALCULATIONS) {
            throw TypeErrors.tooLarge(
                    "the filter has more than %d operations of arithmetic".formatted(MAX_CALCULATIONS),
                    expression.position());
        }
        return new Term.Calculation(operator, left, right);
    }

    private Term folded(Expression.Folded folded, int depth) {
        Folding folding = Folding.ofFunction(folded.function()).orElseThrow(() -> TypeErrors.unsupported(folded));
        Term operand = term(folded.operand(), depth + 1);
        if (operand.dataType() != DataType.TEXT) {
            throw TypeErrors.wrongType(folded.operand(), operand.dataType(), folded.function(), DataType.TEXT);
        }
        if (operand instanceof Term.Literal(Value.TextValue(String text))) {
            return new Term.Literal(new Value.TextValue(folding.apply(text)));
        }
        if (++foldings > MAX_FOLDINGS) {
            throw TypeErrors.tooLarge(
                    "the filter has more than %d foldings (CASEI, ACCENTI)".formatted(MAX_FOLDINGS), folded.position());
        }
        return new Term.Folded(folding, operand);
    }

    Property resolve(PropertyName name) {
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
}
