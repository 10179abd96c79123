package com.atlasco.atlas.model;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes doubles as people write them: whole numbers without a fraction, the rest in the shortest exact form. */
public final class NumberText {

    private static final double EXACT_INTEGERS = 1L << 53;

    private NumberText() {}

    public static void write(JsonGenerator generator, double number) throws IOException {
        if (isWhole(number)) {
            generator.writeNumber((long) number);
        } else {
            generator.writeNumber(number);
        }
    }

    /** The number's text; equal numbers have equal texts. */
    public static String of(double number) {
        return isWhole(number) ? Long.toString((long) number) : Double.toString(number);
    }

    static boolean isWhole(double number) {
        return Math.abs(number) <= EXACT_INTEGERS && number == Math.rint(number);
    }
}
