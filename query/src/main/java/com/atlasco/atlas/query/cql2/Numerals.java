package com.atlasco.atlas.query.cql2;

/** Numbers as they are written. */
final class Numerals {

    private Numerals() {}

    /** A number of CQL2 text in the form that JSON has, too: no plus before it, digits on both sides of a point. */
    static String canonical(String number) {
        boolean negative = number.startsWith("-");
        int start = negative || number.startsWith("+") ? 1 : 0;
        int exponent = start;
        while (exponent < number.length() && Character.toLowerCase(number.charAt(exponent)) != 'e') {
            exponent++;
        }
        String mantissa = number.substring(start, exponent);
        int point = mantissa.indexOf('.');
        String whole = point < 0 ? mantissa : mantissa.substring(0, point);
        String fraction = point < 0 ? "" : mantissa.substring(point + 1);
        int zeros = 0;
        while (zeros < whole.length() - 1 && whole.charAt(zeros) == '0') {
            zeros++;
        }
        return (negative ? "-" : "")
                + (whole.isEmpty() ? "0" : whole.substring(zeros))
                + (fraction.isEmpty() ? "" : "." + fraction)
                + number.substring(exponent);
    }
}
