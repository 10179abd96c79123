package com.atlasco.atlas.query.filter;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Arithmetic on doubles whose every step rounds as IEEE 754 has it, within limits that no engine's step can overflow or
 * underflow from: PostgreSQL raises an error where others go on with an infinity or zero. An operand of a magnitude
 * beyond {@link #LARGEST} has no result, one below {@link #SMALLEST} counts as zero. The engines compute by the very same
 * steps as {@link #apply}.
 */
public enum ArithmeticOperator {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    /** No result by zero. */
    DIVIDE("/"),
    /** What {@link #DIV} leaves, with the sign of the dividend: {@code x - y * trunc(x / y)}; no result by zero. */
    REMAINDER("%"),
    /** The quotient without its fraction, rounded towards zero; no result by zero. */
    DIV("div"),
    /**
     * A power, of which 48 bits are kept, and whole numbers up to 2^53 as they are: engines take it from different
     * libraries, which differ in the last bit. No result for zero to a negative power, a negative number to one that is
     * not whole, and a power beyond {@code e^690}; one below {@code e^-690} is zero, and anything to the power zero one.
     */
    POWER("^");

    /** Operands up to this magnitude have a result. */
    public static final double LARGEST = 1e150;

    /** Operands below this magnitude are zero. */
    public static final double SMALLEST = 1e-150;

    /** The natural logarithm of the greatest power that has a result. */
    public static final double LARGEST_POWER = 690;

    /** Times this and back by subtraction, a double loses its last five bits: Veltkamp's splitting. */
    public static final double LAST_BITS = 33;

    /** Whole numbers up to here are exact. */
    public static final double EXACT_INTEGERS = 0x1p53;

    private final String symbol;

    ArithmeticOperator(String symbol) {
        this.symbol = symbol;
    }

    /** As the language writes it, in lower case. */
    public String symbol() {
        return symbol;
    }

    /** The operator of that symbol, in any case. */
    public static Optional<ArithmeticOperator> ofSymbol(String symbol) {
        return Arrays.stream(values())
                .filter(operator -> operator.symbol.equalsIgnoreCase(symbol))
                .findFirst();
    }

    /** The result, a finite number; empty is NULL. */
    public OptionalDouble apply(double left, double right) {
        if (Math.abs(left) > LARGEST || Math.abs(right) > LARGEST) {
            return OptionalDouble.empty();
        }
        double x = Math.abs(left) < SMALLEST ? 0 : left;
        double y = Math.abs(right) < SMALLEST ? 0 : right;
        return switch (this) {
            case ADD -> OptionalDouble.of(x + y);
            case SUBTRACT -> OptionalDouble.of(x - y);
            case MULTIPLY -> OptionalDouble.of(x * y);
            case DIVIDE -> y == 0 ? OptionalDouble.empty() : OptionalDouble.of(x / y);
            case REMAINDER -> y == 0 ? OptionalDouble.empty() : OptionalDouble.of(x - y * truncated(x / y));
            case DIV -> y == 0 ? OptionalDouble.empty() : OptionalDouble.of(truncated(x / y));
            case POWER -> power(x, y);
        };
    }

    private static OptionalDouble power(double x, double y) {
        if (y == 0) {
            return OptionalDouble.of(1);
        }
        if (x == 0) {
            return y < 0 ? OptionalDouble.empty() : OptionalDouble.of(0);
        }
        double logarithm = y * StrictMath.log(Math.abs(x));
        if ((x < 0 && y != truncated(y)) || logarithm > LARGEST_POWER) {
            return OptionalDouble.empty();
        }
        if (logarithm < -LARGEST_POWER) {
            return OptionalDouble.of(0);
        }
        double power = StrictMath.pow(x, y);
        boolean whole = power == truncated(power) && Math.abs(power) <= EXACT_INTEGERS;
        return OptionalDouble.of(whole ? power : power * LAST_BITS - (power * LAST_BITS - power));
    }

    private static double truncated(double number) {
        return number < 0 ? Math.ceil(number) : Math.floor(number);
    }
}
