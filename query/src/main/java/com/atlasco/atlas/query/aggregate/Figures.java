package com.atlasco.atlas.query.aggregate;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Sums and averages as every engine gives them: the sum as the nearest double, for an average divided by the count as a
 * double, and then 15 significant digits, halves to even. Engines that add in different ways meet again at the double; a
 * difference in the last digit is left where their sums are not the same double.
 */
public final class Figures {

    private static final MathContext DIGITS = new MathContext(15, RoundingMode.HALF_EVEN);

    private Figures() {}

    /**
     * The sum in the answer.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_request} when it is beyond a double
     */
    public static double sum(Metric metric, BigDecimal exact) {
        return rounded(metric, exact.doubleValue());
    }

    /**
     * The average in the answer.
     *
     * @param count from 1
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_request} when the sum is beyond a double
     */
    public static double average(Metric metric, BigDecimal exactSum, long count) {
        return rounded(metric, exactSum.doubleValue() / count);
    }

    private static double rounded(Metric metric, double figure) {
        if (!Double.isFinite(figure)) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "%s is outside the range of an IEEE 754 double".formatted(metric.name()))
                    .hint("Narrow the filter, or group.")
                    .asException();
        }
        return new BigDecimal(figure).round(DIGITS).doubleValue();
    }
}
