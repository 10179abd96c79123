package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;
import java.util.ArrayDeque;
import java.util.Deque;

/** The limit of nesting, which keeps all that walk an expression later from overflowing the stack. */
final class Nesting {

    private Nesting() {}

    private record Part(Expression expression, int depth) {}

    /**
     * Checks the depth without recursing.
     *
     * @throws AtlasException {@code filter_too_large}
     */
    static Expression check(Expression root) {
        Deque<Part> parts = new ArrayDeque<>();
        parts.push(new Part(root, 0));
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            int depth = part.depth + levels(part.expression);
            if (depth > FilterParser.MAX_NESTING) {
                throw tooDeep(part.expression.position());
            }
            part.expression.parts().forEach(inner -> parts.push(new Part(inner, depth)));
        }
        return root;
    }

    /** The parentheses and NOTs that it may have in text. */
    private static int levels(Expression expression) {
        return switch (expression) {
            case Expression.Connective _,
                    Expression.Negation _,
                    Expression.InList _,
                    Expression.IsNull _,
                    Expression.InstantLiteral _,
                    Expression.IntervalLiteral _,
                    Expression.ArrayLiteral _,
                    Expression.Arithmetic _,
                    Expression.Minus _,
                    Expression.Folded _,
                    Expression.StandardCall _,
                    Expression.FunctionCall _ -> 1;
            case Expression.Geometry _ -> Shape.DEPTH;
            case Expression.Comparison _,
                    Expression.Between _,
                    Expression.Like _,
                    Expression.PropertyName _,
                    Expression.TextLiteral _,
                    Expression.NumberLiteral _,
                    Expression.BooleanLiteral _ -> 0;
        };
    }

    static AtlasException tooDeep(TextPosition position) {
        return Problem.of(
                        ErrorCode.FILTER_TOO_LARGE,
                        "the filter is nested deeper than %d levels".formatted(FilterParser.MAX_NESTING))
                .at(position)
                .hint("Leave out parentheses and NOTs that change nothing, or ask in several requests.")
                .asException();
    }
}
