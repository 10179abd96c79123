package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entity tag as RFC 9110 has it. Those of Atlas are strong, and hold the version: {@code "7"}.
 *
 * @param opaque what stands between the quotes
 */
record EntityTag(boolean weak, String opaque) {

    /** Of more text than this no client means each tag. */
    private static final int LONGEST_LIST = 16 * 1024;

    // Possessive, and only ever looked for at one place: whatever is sent is looked at once.
    private static final Pattern TAG =
            Pattern.compile("[ \\t]*+(W/)?+\"([\\x21\\x23-\\x7E\\x80-\\xFF]*+)\"[ \\t]*+(,|\\z)");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    /** The tag of a version, as it stands in a header. */
    static String of(long version) {
        return "\"" + version + "\"";
    }

    /**
     * The tags of a list.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_header} when it is none
     */
    static List<EntityTag> list(String header, String text) {
        if (text.length() > LONGEST_LIST) {
            throw Problem.of(
                            ErrorCode.INVALID_HEADER,
                            "the header %s is longer than %d characters".formatted(header, LONGEST_LIST))
                    .at(header)
                    .hint("Send the tag of the version that is meant.")
                    .asException();
        }
        List<EntityTag> tags = new ArrayList<>();
        Matcher matcher = TAG.matcher(text);
        int at = 0;
        boolean more = true;
        while (more && matcher.region(at, text.length()).lookingAt()) {
            tags.add(new EntityTag(matcher.group(1) != null, matcher.group(2)));
            at = matcher.end();
            more = !matcher.group(3).isEmpty();
        }
        if (tags.isEmpty() || more || at != text.length()) {
            throw Problem.of(ErrorCode.INVALID_HEADER, "the header %s holds no list of entity tags".formatted(header))
                    .at(header)
                    .hint("Send the ETag of an earlier answer as it is, with its quotes: %s: \"7\"".formatted(header))
                    .asException();
        }
        return tags;
    }

    /** The version that it stands for; empty when it is not of Atlas, and fits nothing. */
    Optional<Long> version() {
        return VERSION.matcher(opaque).matches() ? Optional.of(Long.valueOf(opaque)) : Optional.empty();
    }
}
