package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;

/** Names of functions in both forms. What is an operator in one form is no function's name in either. */
final class FunctionNames {

    /** The functions of the standard as JSON writes them, by their names in upper case. */
    private static final Map<String, String> STANDARD = Set.of(
                    "s_contains",
                    "s_crosses",
                    "s_disjoint",
                    "s_equals",
                    "s_intersects",
                    "s_overlaps",
                    "s_touches",
                    "s_within",
                    "t_after",
                    "t_before",
                    "t_contains",
                    "t_disjoint",
                    "t_during",
                    "t_equals",
                    "t_finishedBy",
                    "t_finishes",
                    "t_intersects",
                    "t_meets",
                    "t_metBy",
                    "t_overlappedBy",
                    "t_overlaps",
                    "t_startedBy",
                    "t_starts",
                    "a_containedBy",
                    "a_contains",
                    "a_equals",
                    "a_overlaps")
            .stream()
            .collect(Collectors.toUnmodifiableMap(name -> name.toUpperCase(Locale.ROOT), Function.identity()));

    /** Operators that text writes otherwise, so that they would pass as names there. */
    private static final Map<String, String> OPERATORS =
            Map.of("isnull", "Write IS NULL behind the operand.", "div", "Write div between two numbers.");

    private static final List<String> JSON_OPERATORS =
            List.of("and", "or", "not", "like", "between", "in", "isNull", "casei", "accenti", "div");

    private FunctionNames() {}

    /** A function of the standard, by its name in upper case, as JSON writes it. */
    static String inJson(String standardFunction) {
        return Objects.requireNonNull(STANDARD.get(standardFunction), standardFunction);
    }

    /** The name in upper case, when JSON writes a function of the standard like this. */
    static Optional<String> standard(String operator) {
        String upper = operator.toUpperCase(Locale.ROOT);
        return operator.equals(STANDARD.get(upper)) ? Optional.of(upper) : Optional.empty();
    }

    static void checkInText(String name, TextPosition position) {
        String remedy = OPERATORS.get(name.toLowerCase(Locale.ROOT));
        if (remedy != null) {
            throw Problem.of(
                            ErrorCode.FILTER_SYNTAX,
                            "'%s' is an operator, not a function".formatted(Quoting.abbreviate(name)))
                    .at(position)
                    .hint(remedy)
                    .asException();
        }
    }

    /** A function's name in JSON is one that text can write. */
    static void checkInJson(String name, TextPosition position) {
        Optional<String> meant = JSON_OPERATORS.stream()
                .filter(name::equalsIgnoreCase)
                .findFirst()
                .or(() -> Optional.ofNullable(STANDARD.get(name.toUpperCase(Locale.ROOT))));
        if (meant.isPresent()) {
            throw Problem.of(ErrorCode.FILTER_SYNTAX, "there is no operator '%s'".formatted(Quoting.abbreviate(name)))
                    .at(position)
                    .hint("Did you mean '%s'?".formatted(meant.get()))
                    .asException();
        }
        Cql2Lexer lexer = new Cql2Lexer(CharStreams.fromString(name));
        lexer.removeErrorListeners();
        Token first = lexer.nextToken();
        boolean word = first.getType() == Cql2Lexer.IDENTIFIER
                || first.getType() == Cql2Lexer.EMPTY
                || first.getType() == Cql2Lexer.Z;
        if (!word || !first.getText().equals(name)) {
            throw Problem.of(
                            ErrorCode.FILTER_SYNTAX,
                            "'%s' is neither an operator nor a function's name".formatted(Quoting.abbreviate(name)))
                    .at(position)
                    .hint(
                            "Operators are and, or, not, =, <>, <, >, <=, >=, like, between, in, isNull, casei, accenti, +, -, *,"
                                    + " /, ^, %, div and the functions of the standard such as t_after or a_contains.")
                    .asException();
        }
    }
}
