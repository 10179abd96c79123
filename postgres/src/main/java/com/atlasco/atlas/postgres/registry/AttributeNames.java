package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.query.filter.Property;

/** Which names an attribute may have. */
final class AttributeNames {

    private static final int MAX_CODE_POINTS = 200;

    private AttributeNames() {}

    /** Throws {@code invalid_name} unless the name has 1 to 200 code points, none a control, and is not reserved; {@code place} is where it was given. */
    static void check(String name, String place) {
        int length = name.codePointCount(0, name.length());
        if (length < 1 || length > MAX_CODE_POINTS) {
            throw refused(
                    place,
                    "an attribute's name has 1 to 200 characters, not " + length,
                    "Choose a name of that length.");
        }
        int[] codePoints = name.codePoints().toArray();
        for (int i = 0; i < codePoints.length; i++) {
            int codePoint = codePoints[i];
            boolean loneSurrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            if (Character.isISOControl(codePoint) || loneSurrogate) {
                throw refused(
                        place,
                        "an attribute's name cannot hold U+%04X, as this one does at character %d"
                                .formatted(codePoint, i + 1),
                        "Leave control characters and lone surrogates out.");
            }
        }
        if (Property.Intrinsic.ofWireName(name).isPresent()) {
            throw refused(
                    place,
                    "'%s' is a property that every entity has".formatted(name),
                    "Choose another name, such as '%s_value'.".formatted(name));
        }
    }

    /** Whether an attribute may have this name; one that another node has just created may not be in memory yet. */
    static boolean isPossible(String name) {
        try {
            check(name, "name");
            return true;
        } catch (AtlasException impossible) {
            return false;
        }
    }

    private static AtlasException refused(String place, String detail, String hint) {
        return Problem.of(ErrorCode.INVALID_NAME, detail).at(place).hint(hint).asException();
    }
}
