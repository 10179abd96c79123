package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;
import java.util.Optional;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;

/** Syntax errors in words people understand. */
final class SyntaxErrors {

    static final String COMPARISON = "a comparison such as = or <";

    private SyntaxErrors() {}

    static AtlasException of(RecognitionException error, CommonTokenStream tokens, SourceText source) {
        IntervalSet expected = error.getExpectedTokens();
        Token found = error.getOffendingToken();
        if (tokens.size() == 1) {
            return empty(source.position(found));
        }
        return expected(wanted(expected), found, hint(expected, found), source);
    }

    static AtlasException empty(TextPosition end) {
        return Problem.of(ErrorCode.FILTER_SYNTAX, "the filter is empty")
                .at(end)
                .hint("Write a condition such as score > 5, or leave the filter out to keep every row.")
                .asException();
    }

    static AtlasException expected(String wanted, Token found, Optional<String> hint, SourceText source) {
        Problem problem = Problem.of(
                        ErrorCode.FILTER_SYNTAX, "expected %s, found %s".formatted(wanted, describe(found)))
                .at(source.position(found));
        return hint.map(problem::hint).orElse(problem).asException();
    }

    private static String wanted(IntervalSet expected) {
        boolean operand = expected.contains(Cql2Lexer.IDENTIFIER) && expected.contains(Cql2Lexer.NUMBER);
        if (operand) {
            return expected.contains(Cql2Lexer.NOT)
                    ? "a condition such as score > 5"
                    : "a value such as 5, 'text' or TRUE";
        }
        if (expected.contains(Cql2Lexer.EQUAL)) {
            return COMPARISON;
        }
        boolean closes = expected.contains(Cql2Lexer.RPAREN);
        if (expected.contains(Cql2Lexer.OR)) {
            if (closes) {
                return "AND, OR or ')'";
            }
            return "AND, OR or the end of the filter";
        }
        if (expected.contains(Cql2Lexer.AND)) {
            return "AND and the upper end of BETWEEN";
        }
        if (expected.contains(Cql2Lexer.COMMA) && closes) {
            return "',' or ')'";
        }
        return expected.toSet().stream().map(SyntaxErrors::name).distinct().collect(Collectors.joining(" or "));
    }

    private static String name(int type) {
        return switch (type) {
            case Token.EOF -> "the end of the filter";
            case Cql2Lexer.CHARACTER_LITERAL -> "text in single quotes";
            case Cql2Lexer.QUOTED_NAME, Cql2Lexer.IDENTIFIER -> "a name";
            case Cql2Lexer.NUMBER -> "a number";
            case Cql2Lexer.LPAREN, Cql2Lexer.RPAREN, Cql2Lexer.COMMA, Cql2Lexer.PLUS, Cql2Lexer.MINUS ->
                Cql2Lexer.VOCABULARY.getLiteralName(type);
            default -> Cql2Lexer.VOCABULARY.getSymbolicName(type);
        };
    }

    static String describe(Token token) {
        String text = token.getText();
        return switch (token.getType()) {
            case Token.EOF -> "end of filter";
            case Cql2Lexer.UNCLOSED_LITERAL -> "text without a closing single quote";
            case Cql2Lexer.UNCLOSED_NAME -> "a name without a closing double quote";
            case Cql2Lexer.CHARACTER_LITERAL -> "the text " + Quoting.abbreviate(text);
            case Cql2Lexer.UNKNOWN ->
                Character.isISOControl(text.codePointAt(0))
                        ? "the character U+%04X".formatted(text.codePointAt(0))
                        : "the character " + text;
            default -> Quoting.abbreviate(text);
        };
    }

    private static Optional<String> hint(IntervalSet expected, Token found) {
        return Optional.ofNullable(
                switch (found.getType()) {
                    case Cql2Lexer.DOUBLE_EQUAL -> "Use a single = to compare, as in score = 5.";
                    case Cql2Lexer.BANG_EQUAL -> "Use <> for not equal, as in country <> 'US'.";
                    case Cql2Lexer.EQUAL_LESS -> "Use <= for at most.";
                    case Cql2Lexer.EQUAL_GREATER -> "Use >= for at least.";
                    case Cql2Lexer.AND_SIGNS -> "Use AND between conditions.";
                    case Cql2Lexer.OR_SIGNS -> "Use OR between conditions.";
                    case Cql2Lexer.BANG -> "Use NOT before a condition.";
                    case Cql2Lexer.UNCLOSED_LITERAL ->
                        "Close the text with a single quote; a quote inside is written twice, as in 'it''s'.";
                    case Cql2Lexer.UNCLOSED_NAME ->
                        "Close the name with a double quote; write text in single quotes, as in 'US'.";
                    case Cql2Lexer.NULL -> "Use IS NULL or IS NOT NULL to ask for a missing value.";
                    case Cql2Lexer.QUOTED_NAME, Cql2Lexer.IDENTIFIER ->
                        expected.contains(Cql2Lexer.CHARACTER_LITERAL)
                                ? "Write text in single quotes, as in 'US'; double quotes name properties."
                                : null;
                    case Cql2Lexer.RPAREN ->
                        expected.contains(Token.EOF) ? "No parenthesis is open here; leave this one out." : null;
                    case Cql2Lexer.UNKNOWN ->
                        "“”‘’´`".contains(found.getText())
                                ? "Write text in straight single quotes, as in 'US'."
                                : "Leave the character out, or put the name or text that holds it in quotes.";
                    case Token.EOF ->
                        expected.contains(Cql2Lexer.RPAREN) ? "Close the parentheses that are open." : null;
                    default -> null;
                });
    }
}
