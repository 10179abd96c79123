package com.atlasco.atlas.cli.query;

import com.fasterxml.jackson.databind.JsonNode;

/** Values as a table shows them. */
final class CellFormat {

    private CellFormat() {}

    /** Text as it is, absent and null as nothing, the rest as JSON. */
    static String of(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (value.isNumber()) {
            return number(value);
        }
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private static String number(JsonNode value) {
        double number = value.doubleValue();
        boolean whole = value.isIntegralNumber() || number != Math.rint(number) || Math.abs(number) >= 1e15;
        return whole ? value.asText() : Long.toString((long) number);
    }
}
