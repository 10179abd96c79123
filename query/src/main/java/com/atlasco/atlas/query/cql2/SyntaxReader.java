package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.jspecify.annotations.Nullable;

/** From text to the syntax tree. */
final class SyntaxReader {

    private SyntaxReader() {}

    /**
     * Reads CQL2 text.
     *
     * @throws AtlasException {@code filter_syntax} or, nested too deeply, {@code filter_too_large}
     */
    static Expression read(SourceText source) {
        Cql2Lexer lexer = new Cql2Lexer(CharStreams.fromString(source.text()));
        lexer.removeErrorListeners();
        CommonTokenStream tokens = new CommonTokenStream(lexer);
        tokens.fill();
        checkNesting(tokens, source);
        Cql2Parser parser = new Cql2Parser(tokens);
        parser.removeErrorListeners();
        parser.setErrorHandler(new FirstErrorStrategy());
        try {
            return Nesting.check(new TreeBuilder(source, tokens).filter(parser.filter()));
        } catch (ParseCancellationException stopped) {
            if (stopped.getCause() instanceof RecognitionException error) {
                throw SyntaxErrors.of(error, tokens, source);
            }
            throw stopped;
        }
    }

    /** Before anything recurses: what is nested costs stack, in the parser and in all that walk the filter later. */
    private static void checkNesting(CommonTokenStream tokens, SourceText source) {
        Deque<Integer> costs = new ArrayDeque<>();
        int depth = 0;
        int negations = 0;
        for (Token token : tokens.getTokens()) {
            switch (token.getType()) {
                case Cql2Lexer.NOT -> negations++;
                case Cql2Lexer.LPAREN -> {
                    int cost = Math.max(1, negations);
                    costs.push(cost);
                    depth += cost;
                    negations = 0;
                }
                case Cql2Lexer.RPAREN -> {
                    depth -= costs.isEmpty() ? 0 : costs.pop();
                    negations = 0;
                }
                default -> negations = 0;
            }
            if (depth + negations > FilterParser.MAX_NESTING) {
                throw Nesting.tooDeep(source.position(token));
            }
        }
    }

    /** Stops at the first error, and knows all that could have stood there. */
    private static final class FirstErrorStrategy extends DefaultErrorStrategy {

        private int syncedAt = -1;

        /** What was noted at an earlier token no longer holds; the base class would go on with it. */
        @Override
        public void sync(Parser parser) {
            int token = parser.getCurrentToken().getTokenIndex();
            if (token != syncedAt) {
                nextTokensContext = null;
                syncedAt = token;
            }
            super.sync(parser);
        }

        @Override
        public void recover(Parser parser, RecognitionException error) {
            throw new ParseCancellationException(error);
        }

        @Override
        public Token recoverInline(Parser parser) {
            throw mismatch(parser);
        }

        @Override
        protected @Nullable Token singleTokenDeletion(Parser parser) {
            throw mismatch(parser);
        }

        @Override
        protected void reportUnwantedToken(Parser parser) {
            throw mismatch(parser);
        }

        /** Expects what the first rule that ended before this token could have gone on with, and all that may follow. */
        private ParseCancellationException mismatch(Parser parser) {
            boolean noted =
                    nextTokensContext != null && parser.getCurrentToken().getTokenIndex() == syncedAt;
            return new ParseCancellationException(
                    noted
                            ? new InputMismatchException(parser, nextTokensState, nextTokensContext)
                            : new InputMismatchException(parser));
        }

        @Override
        public void reportError(Parser parser, RecognitionException error) {
            // Nobody listens: the error is thrown.
        }
    }
}
