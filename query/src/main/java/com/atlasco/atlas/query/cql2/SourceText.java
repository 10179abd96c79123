package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;
import java.util.Arrays;
import org.antlr.v4.runtime.Token;

/** A filter's text with its lines: turns the code points ANTLR counts into positions in UTF-16 units. */
final class SourceText {

    private final String text;
    private final int[] lineStarts;
    private final int[] unitOffsets;

    private SourceText(String text, int[] lineStarts, int[] unitOffsets) {
        this.text = text;
        this.lineStarts = lineStarts;
        this.unitOffsets = unitOffsets;
    }

    /**
     * Takes a text that can be read.
     *
     * @throws AtlasException {@code filter_too_large} for a long text, {@code filter_syntax} for NUL and lone surrogates
     */
    static SourceText of(String text, int maxLength) {
        if (text.length() > maxLength) {
            throw Problem.of(
                            ErrorCode.FILTER_TOO_LARGE,
                            "the filter has %,d characters; at most %,d are read".formatted(text.length(), maxLength))
                    .hint("Ask in several requests.")
                    .asException();
        }
        int[] lineStarts = new int[text.length() + 1];
        int[] unitOffsets = new int[text.length() + 1];
        int lines = 1;
        int codePoints = 0;
        for (int i = 0; i < text.length(); i++) {
            unitOffsets[codePoints++] = i;
            char unit = text.charAt(i);
            if (unit == '\n') {
                lineStarts[lines++] = i + 1;
            } else if (Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (unit == 0 || Character.isSurrogate(unit)) {
                SourceText before = new SourceText(text, Arrays.copyOf(lineStarts, lines), unitOffsets);
                throw Problem.of(
                                ErrorCode.FILTER_SYNTAX,
                                unit == 0
                                        ? "the filter holds a NUL"
                                        : "the filter holds the lone surrogate U+%04X".formatted((int) unit))
                        .at(before.position(i))
                        .hint("Send valid Unicode text without U+0000.")
                        .asException();
            }
        }
        unitOffsets[codePoints] = text.length();
        return new SourceText(text, Arrays.copyOf(lineStarts, lines), unitOffsets);
    }

    String text() {
        return text;
    }

    TextPosition position(Token token) {
        return position(unitOffsets[token.getStartIndex()]);
    }

    /** The position of a UTF-16 unit, or of the end. */
    TextPosition position(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        int line = found >= 0 ? found : -found - 2;
        return new TextPosition(line + 1, offset - lineStarts[line] + 1, offset);
    }
}
