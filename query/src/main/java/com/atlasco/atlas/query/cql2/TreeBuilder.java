package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;
import com.atlasco.atlas.query.cql2.Expression.ArrayLiteral;
import com.atlasco.atlas.query.filter.Filter.Operator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/**
 * Turns ANTLR's parse tree into expressions, and refuses with {@code filter_syntax} what the grammar's shared rules let
 * through though the standard does not combine it.
 */
final class TreeBuilder extends Cql2BaseVisitor<Expression> {

    private final SourceText source;
    private final CommonTokenStream tokens;

    TreeBuilder(SourceText source, CommonTokenStream tokens) {
        this.source = source;
        this.tokens = tokens;
    }

    Expression filter(Cql2Parser.FilterContext tree) {
        return condition(tree.booleanExpression());
    }

    /** Passes over rules that add nothing, which saves most of the stack that deep nesting takes. */
    @Override
    public Expression visit(ParseTree tree) {
        ParseTree inner = tree;
        while (inner.getChildCount() == 1
                && inner.getChild(0) instanceof ParserRuleContext child
                && !(inner instanceof Cql2Parser.GeometryContext)
                && !(inner instanceof Cql2Parser.PropertyNameContext)) {
            inner = child;
        }
        return inner.accept(this);
    }

    @Override
    public Expression visitBooleanExpression(Cql2Parser.BooleanExpressionContext tree) {
        return connect(false, tree, tree.booleanTerm());
    }

    @Override
    public Expression visitBooleanTerm(Cql2Parser.BooleanTermContext tree) {
        return connect(true, tree, tree.booleanFactor());
    }

    private Expression connect(
            boolean conjunction, ParserRuleContext tree, List<? extends ParserRuleContext> operands) {
        return operands.size() == 1
                ? visit(operands.getFirst())
                : new Expression.Connective(
                        conjunction, operands.stream().map(this::condition).toList(), position(tree));
    }

    @Override
    public Expression visitBooleanFactor(Cql2Parser.BooleanFactorContext tree) {
        List<TerminalNode> negations = tree.NOT();
        if (negations.isEmpty()) {
            return visit(tree.predicate());
        }
        Expression negated = condition(tree.predicate());
        for (TerminalNode negation : negations.reversed()) {
            negated = new Expression.Negation(negated, source.position(negation.getSymbol()));
        }
        return negated;
    }

    @Override
    public Expression visitPredicate(Cql2Parser.PredicateContext tree) {
        Expression left = visit(tree.arithmeticExpression());
        TextPosition start = position(tree);
        return switch (tree.predicateTail()) {
            case null -> left;
            case Cql2Parser.ComparisonContext tail -> {
                Expression right = visit(tail.arithmeticExpression());
                yield new Expression.Comparison(
                        scalar(left), operator(tail.comparisonOperator()), scalar(right), start);
            }
            case Cql2Parser.MemberContext tail -> negate(tail.NOT(), membership(left, tail.membership(), start));
            case Cql2Parser.IsNullContext tail -> negate(tail.NOT(), new Expression.IsNull(left, start));
            default -> throw new IllegalStateException("no such predicate: " + tree.getText());
        };
    }

    private Expression membership(Expression left, Cql2Parser.MembershipContext tree, TextPosition start) {
        return switch (tree) {
            case Cql2Parser.LikeContext like ->
                new Expression.Like(scalar(left), visit(like.patternExpression()), start);
            case Cql2Parser.BetweenContext between ->
                new Expression.Between(
                        scalar(left),
                        scalar(visit(between.arithmeticExpression(0))),
                        scalar(visit(between.arithmeticExpression(1))),
                        start);
            case Cql2Parser.InListContext in ->
                new Expression.InList(
                        scalar(left),
                        in.arithmeticExpression().stream()
                                .map(value -> scalar(visit(value)))
                                .toList(),
                        start);
            default -> throw new IllegalStateException("no such predicate: " + tree.getText());
        };
    }

    private static Expression negate(@Nullable TerminalNode negation, Expression predicate) {
        return negation == null ? predicate : new Expression.Negation(predicate, predicate.position());
    }

    private static Operator operator(Cql2Parser.ComparisonOperatorContext tree) {
        return switch (tree.getStart().getType()) {
            case Cql2Lexer.EQUAL -> Operator.EQUAL;
            case Cql2Lexer.NOT_EQUAL -> Operator.NOT_EQUAL;
            case Cql2Lexer.LESS -> Operator.LESS;
            case Cql2Lexer.LESS_OR_EQUAL -> Operator.LESS_OR_EQUAL;
            case Cql2Lexer.GREATER -> Operator.GREATER;
            default -> Operator.GREATER_OR_EQUAL;
        };
    }

    @Override
    public Expression visitFoldedPattern(Cql2Parser.FoldedPatternContext tree) {
        return new Expression.Folded(upper(tree.getStart()), visit(tree.patternExpression()), position(tree));
    }

    @Override
    public Expression visitPlainPattern(Cql2Parser.PlainPatternContext tree) {
        return text(tree.getStart());
    }

    @Override
    public Expression visitArithmeticExpression(Cql2Parser.ArithmeticExpressionContext tree) {
        return chain(tree);
    }

    @Override
    public Expression visitArithmeticTerm(Cql2Parser.ArithmeticTermContext tree) {
        return chain(tree);
    }

    @Override
    public Expression visitPowerTerm(Cql2Parser.PowerTermContext tree) {
        return chain(tree);
    }

    /** Operands with operators between them, from the left. */
    private Expression chain(ParserRuleContext tree) {
        Expression result = visit(tree.getChild(0));
        for (int i = 1; i < tree.getChildCount(); i += 2) {
            Token operator = ((TerminalNode) tree.getChild(i)).getSymbol();
            Expression right = visit(tree.getChild(i + 1));
            result = new Expression.Arithmetic(
                    numeric(result), upper(operator), numeric(right), source.position(operator));
        }
        return result;
    }

    @Override
    public Expression visitNumber(Cql2Parser.NumberContext tree) {
        return new Expression.NumberLiteral(tree.NUMBER().getText(), position(tree));
    }

    @Override
    public Expression visitMinus(Cql2Parser.MinusContext tree) {
        if (tree.primary() != null) {
            return new Expression.Minus(numeric(visit(tree.primary())), position(tree));
        }
        Cql2Parser.SignedNumberContext number = tree.signedNumber();
        String sign = number.MINUS() == null ? "-" : "";
        return new Expression.NumberLiteral(sign + number.NUMBER().getText(), position(tree));
    }

    @Override
    public Expression visitPlain(Cql2Parser.PlainContext tree) {
        return visit(tree.primary());
    }

    @Override
    public Expression visitPrimary(Cql2Parser.PrimaryContext tree) {
        return tree.CHARACTER_LITERAL() == null ? visit(tree.getChild(0)) : text(tree.getStart());
    }

    @Override
    public Expression visitGroup(Cql2Parser.GroupContext tree) {
        return tree.booleanExpression().size() == 1 ? visit(tree.booleanExpression(0)) : array(tree);
    }

    private ArrayLiteral array(Cql2Parser.GroupContext tree) {
        return new ArrayLiteral(
                tree.booleanExpression().stream().map(this::arrayOrElement).toList(), position(tree));
    }

    /** Inside an array and as an operand of an array function, parentheses around one element are an array. */
    private Expression arrayOrElement(ParseTree tree) {
        ParseTree inner = tree;
        while (inner.getChildCount() == 1) {
            inner = inner.getChild(0);
        }
        return inner instanceof Cql2Parser.GroupContext group ? array(group) : visit(tree);
    }

    @Override
    public Expression visitBooleanLiteral(Cql2Parser.BooleanLiteralContext tree) {
        return new Expression.BooleanLiteral(tree.TRUE() != null, position(tree));
    }

    @Override
    public Expression visitCharacterFunction(Cql2Parser.CharacterFunctionContext tree) {
        Expression operand = check(
                visit(tree.primary()),
                inner -> inner instanceof Expression.TextLiteral
                        || inner instanceof Expression.PropertyName
                        || inner instanceof Expression.FunctionCall
                        || inner instanceof Expression.Folded,
                "text or a property");
        return new Expression.Folded(upper(tree.getStart()), operand, position(tree));
    }

    @Override
    public Expression visitInstant(Cql2Parser.InstantContext tree) {
        Expression.TextLiteral text = text(tree.CHARACTER_LITERAL().getSymbol());
        boolean date = tree.DATE() != null;
        return new Expression.InstantLiteral(
                date ? Instants.date(text) : Instants.timestamp(text), date, position(tree));
    }

    @Override
    public Expression visitInterval(Cql2Parser.IntervalContext tree) {
        return new Expression.IntervalLiteral(
                visit(tree.intervalBound(0)), visit(tree.intervalBound(1)), position(tree));
    }

    @Override
    public Expression visitIntervalBound(Cql2Parser.IntervalBoundContext tree) {
        if (tree.CHARACTER_LITERAL() == null) {
            return visit(tree.getChild(0));
        }
        Expression.TextLiteral bound = text(tree.getStart());
        Instants.checkBound(bound);
        return bound;
    }

    @Override
    public Expression visitGeometry(Cql2Parser.GeometryContext tree) {
        List<Token> parts =
                tokens.getTokens(tree.getStart().getTokenIndex(), tree.getStop().getTokenIndex());
        String text = parts.stream().map(TreeBuilder::upper).collect(Collectors.joining(" "));
        return new Expression.Geometry(text, position(tree));
    }

    @Override
    public Expression visitStandardFunction(Cql2Parser.StandardFunctionContext tree) {
        List<Expression> operands = tree.booleanExpression().stream()
                .map(operand -> standardOperand(tree, operand))
                .toList();
        return new Expression.StandardCall(
                upper(tree.getStart()), operands.getFirst(), operands.getLast(), position(tree));
    }

    private Expression standardOperand(Cql2Parser.StandardFunctionContext function, ParserRuleContext operand) {
        Predicate<Expression> open =
                value -> value instanceof Expression.PropertyName || value instanceof Expression.FunctionCall;
        if (function.SPATIAL_FUNCTION() != null) {
            return check(
                    visit(operand), open.or(Expression.Geometry.class::isInstance), "a geometry, such as POINT(7 50)");
        }
        if (function.TEMPORAL_FUNCTION() != null) {
            return check(
                    visit(operand),
                    open.or(Expression.InstantLiteral.class::isInstance)
                            .or(Expression.IntervalLiteral.class::isInstance),
                    "an instant or an interval, such as DATE('2026-01-31')");
        }
        return check(arrayOrElement(operand), open.or(ArrayLiteral.class::isInstance), "an array, such as ('a', 'b')");
    }

    @Override
    public Expression visitFunction(Cql2Parser.FunctionContext tree) {
        return new Expression.FunctionCall(
                tree.getStart().getText(),
                tree.booleanExpression().stream().map(this::visit).toList(),
                position(tree));
    }

    @Override
    public Expression visitPropertyName(Cql2Parser.PropertyNameContext tree) {
        boolean quoted = tree.QUOTED_NAME() != null;
        String name = quoted ? Quoting.unquoteName(tree.getText()) : tree.getText();
        return new Expression.PropertyName(name, quoted, position(tree));
    }

    private Expression condition(ParserRuleContext tree) {
        Expression expression = visit(tree);
        if (!expression.isCondition()) {
            Token following = tokens.get(tree.getStop().getTokenIndex() + 1);
            throw SyntaxErrors.expected(
                    SyntaxErrors.COMPARISON + " after " + expression.describe(),
                    following,
                    Optional.of("A condition compares, as in score > 5."),
                    source);
        }
        return expression;
    }

    private static Expression scalar(Expression expression) {
        return check(expression, Expression::isScalar, "a single value, such as 5, 'text' or a property");
    }

    private static Expression numeric(Expression expression) {
        return check(
                expression,
                operand -> operand instanceof Expression.NumberLiteral
                        || operand instanceof Expression.PropertyName
                        || operand instanceof Expression.FunctionCall
                        || operand instanceof Expression.Arithmetic
                        || operand instanceof Expression.Minus,
                "a number");
    }

    private static Expression check(Expression expression, Predicate<Expression> fits, String wanted) {
        if (!fits.test(expression)) {
            throw syntax("expected %s, found %s".formatted(wanted, expression.describe()), expression.position());
        }
        return expression;
    }

    private static AtlasException syntax(String detail, TextPosition position) {
        return Problem.of(ErrorCode.FILTER_SYNTAX, detail).at(position).asException();
    }

    private Expression.TextLiteral text(Token literal) {
        return new Expression.TextLiteral(Quoting.unquoteText(literal.getText()), source.position(literal));
    }

    private TextPosition position(ParserRuleContext tree) {
        return source.position(tree.getStart());
    }

    private static String upper(Token token) {
        return token.getText().toUpperCase(Locale.ROOT);
    }
}
