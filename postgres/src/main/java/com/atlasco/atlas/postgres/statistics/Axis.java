package com.atlasco.atlas.postgres.statistics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.function.BiConsumer;
import org.apache.datasketches.common.ArrayOfDoublesSerDe;
import org.apache.datasketches.common.ArrayOfItemsSerDe;
import org.apache.datasketches.common.ArrayOfStringsSerDe;
import org.apache.datasketches.hll.HllSketch;

/**
 * The order that an attribute's keys lie in: doubles for numbers, for timestamps (microseconds since 1970) and for truth
 * values (0 and 1); text by code point.
 *
 * @param keyBytes what a key takes in memory, about
 */
record Axis<K>(
        Class<K> type,
        Comparator<K> order,
        ArrayOfItemsSerDe<K> form,
        BiConsumer<HllSketch, K> count,
        Reader<K> reader,
        int keyBytes) {

    /** Reads a key from the first column of a row. */
    @FunctionalInterface
    interface Reader<K> {
        K read(ResultSet row) throws SQLException;
    }

    static final Axis<Double> NUMBERS = new Axis<>(
            Double.class,
            Comparator.naturalOrder(),
            new ArrayOfDoublesSerDe(),
            HllSketch::update,
            row -> row.getDouble(1),
            24);

    static final Axis<String> TEXT = new Axis<>(
            String.class,
            Axis::byCodePoint,
            new ArrayOfStringsSerDe(),
            HllSketch::update,
            row -> TextKeys.cut(row.getString(1)),
            56 + TextKeys.LENGTH / 2);

    K read(ResultSet row) throws SQLException {
        return reader.read(row);
    }

    /** UTF-16 puts what lies beyond the basic plane before the last of it; the database puts it behind. */
    private static int byCodePoint(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char one = left.charAt(i);
            char other = right.charAt(i);
            if (one != other) {
                return Character.isSurrogate(one) == Character.isSurrogate(other)
                        ? Character.compare(one, other)
                        : Character.isSurrogate(one) ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
