package com.atlasco.atlas.cli.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalLong;

/** Reads entity ids: whole numbers from 1 to 2^63 - 1. */
final class EntityIds {

    private EntityIds() {}

    /** The id that a number, or the text of one, stands for. */
    static OptionalLong of(JsonNode value) {
        String text = value.isTextual() ? value.textValue().strip() : value.isIntegralNumber() ? value.asText() : "";
        if (!text.matches("[1-9]\\d{0,18}")) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException tooLarge) {
            return OptionalLong.empty();
        }
    }
}
