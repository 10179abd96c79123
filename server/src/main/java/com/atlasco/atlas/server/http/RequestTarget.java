package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Path and query as they stand in the request line. */
final class RequestTarget {

    private RequestTarget() {}

    /** Whether it is ASCII whose percent-encoding is whole and stands for UTF-8. */
    static boolean isWellFormed(String target) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(target.length());
        for (int i = 0; i < target.length(); i++) {
            char unit = target.charAt(i);
            if (unit > 0x7E) {
                return false;
            }
            if (unit == '%') {
                if (i + 2 >= target.length()
                        || !isHexDigit(target.charAt(i + 1))
                        || !isHexDigit(target.charAt(i + 2))) {
                    return false;
                }
                decoded.write(Integer.parseInt(target, i + 1, i + 3, 16));
                i += 2;
            } else {
                decoded.write(unit);
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded.toByteArray()));
            return true;
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
    }

    /** The problem of a target that is not. */
    static Problem malformed() {
        return Problem.of(ErrorCode.INVALID_REQUEST, "the path or the query is not percent-encoded UTF-8")
                .hint("Encode what is not a letter, a digit or one of -._~ as %XX, byte by byte of its UTF-8.");
    }

    private static boolean isHexDigit(char unit) {
        return Character.digit(unit, 16) >= 0;
    }
}
