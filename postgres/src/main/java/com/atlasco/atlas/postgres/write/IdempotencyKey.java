package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;

/** A caller's name for one write, unique in its tenant while it is remembered: 1 to 255 printable ASCII characters. */
public record IdempotencyKey(String text) {

    private static final int MAX_LENGTH = 255;

    public IdempotencyKey {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not an idempotency key");
        }
    }

    /**
     * The key of that text.
     *
     * @param place where the text stands in the request
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_value} when it is no key
     */
    public static IdempotencyKey of(String text, String place) {
        if (!isValid(text)) {
            throw Problem.of(
                            ErrorCode.INVALID_VALUE,
                            "an idempotency key has 1 to 255 printable ASCII characters and no space at either end")
                    .at(place)
                    .hint("Send a UUID, a new one for each write that is meant to happen once.")
                    .asException();
        }
        return new IdempotencyKey(text);
    }

    private static boolean isValid(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && text.chars().allMatch(unit -> unit >= ' ' && unit <= '~')
                && text.strip().length() == text.length();
    }
}
