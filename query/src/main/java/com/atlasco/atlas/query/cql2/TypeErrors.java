package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;

/** What a filter that is well-formed can be refused for, in words people understand. */
final class TypeErrors {

    private TypeErrors() {}

    static AtlasException of(String detail, TextPosition position, String hint) {
        return Problem.of(ErrorCode.FILTER_TYPE, detail).at(position).hint(hint).asException();
    }

    /** What a construct is applied to is of another type than it applies to. */
    static AtlasException wrongType(Expression operand, DataType actual, String construct, DataType wanted) {
        return of(
                "%s is of type %s; %s applies to type %s"
                        .formatted(operand.describe(), actual.wireName(), construct, wanted.wireName()),
                operand.position(),
                switch (wanted) {
                    case NUMBER -> "Use numbers and properties of type number, as in score * 2.";
                    case TEXT -> "Use text and properties of type text, as in CASEI(country).";
                    case TS -> "Use properties of type ts, DATE, TIMESTAMP and INTERVAL.";
                    case JSON -> "Use properties of type json and arrays such as ('a', 'b').";
                    case BOOL -> "Use TRUE, FALSE and properties of type bool.";
                });
    }

    /** The sides of a comparison are of different types. */
    static AtlasException unlike(Expression left, DataType leftType, Expression right, DataType rightType) {
        return of(
                "%s is of type %s and cannot be compared with %s, which is of type %s"
                        .formatted(left.describe(), leftType.wireName(), right.describe(), rightType.wireName()),
                right.position(),
                "Compare values of one type.");
    }

    static AtlasException unordered(Expression operand, String operation) {
        return of(
                "%s is of type bool, which has no order: %s does not apply".formatted(operand.describe(), operation),
                operand.position(),
                "Use = or <> with TRUE or FALSE.");
    }

    static AtlasException unsupported(Expression construct) {
        return Problem.of(ErrorCode.FILTER_UNSUPPORTED, construct.describe() + " is CQL2, but is not supported here")
                .at(construct.position())
                .hint("GET /conformance lists what is supported.")
                .asException();
    }

    static AtlasException tooLarge(String detail, TextPosition position) {
        return Problem.of(ErrorCode.FILTER_TOO_LARGE, detail)
                .at(position)
                .hint("Ask in several requests.")
                .asException();
    }
}
