package com.atlasco.atlas.postgres;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/**
 * An array parameter in PostgreSQL's binary form, built element by element. The driver's own arrays go through boxed
 * objects and array literals: measured, encoding and parsing those cost a third of the time of a batch outside the
 * indexes. Not thread-safe.
 */
public final class BinaryArray {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    // Dimensions, whether there are nulls, the element's type, the length and the lower bound of the one dimension.
    private static final int HEADER = 20;
    private static final int JSONB_VERSION = 1;

    /** Microseconds from 1970-01-01 to 2000-01-01, PostgreSQL's epoch. */
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    private final Type type;
    private byte[] bytes;
    private int length = HEADER;
    private int count;

    /** What the elements are. */
    public enum Type {
        INTEGER(Oid.INT4, Oid.INT4_ARRAY),
        BIGINT(Oid.INT8, Oid.INT8_ARRAY),
        DOUBLE(Oid.FLOAT8, Oid.FLOAT8_ARRAY),
        BOOLEAN(Oid.BOOL, Oid.BOOL_ARRAY),
        TEXT(Oid.TEXT, Oid.TEXT_ARRAY),
        TIMESTAMP(Oid.TIMESTAMPTZ, Oid.TIMESTAMPTZ_ARRAY),
        JSONB(Oid.JSONB, Oid.JSONB_ARRAY);

        private final int elementOid;
        private final int arrayOid;

        Type(int elementOid, int arrayOid) {
            this.elementOid = elementOid;
            this.arrayOid = arrayOid;
        }
    }

    /** An empty array; {@code expected} elements of a fixed size fit without growing. */
    public BinaryArray(Type type, int expected) {
        this.type = type;
        this.bytes = new byte[HEADER + 12 * expected];
    }

    public BinaryArray addInteger(int value) {
        int at = element(4);
        INTS.set(bytes, at, value);
        return this;
    }

    public BinaryArray addBigint(long value) {
        int at = element(8);
        LONGS.set(bytes, at, value);
        return this;
    }

    public BinaryArray addDouble(double value) {
        return addBigint(Double.doubleToLongBits(value));
    }

    public BinaryArray addBoolean(boolean value) {
        int at = element(1);
        bytes[at] = (byte) (value ? 1 : 0);
        return this;
    }

    public BinaryArray addText(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        int at = element(encoded.length);
        System.arraycopy(encoded, 0, bytes, at, encoded.length);
        return this;
    }

    /** An instant, in microseconds since 1970-01-01. */
    public BinaryArray addTimestamp(long epochMicros) {
        return addBigint(Math.subtractExact(epochMicros, POSTGRES_EPOCH_MICROS));
    }

    /** A JSON text. */
    public BinaryArray addJsonb(String json) {
        byte[] encoded = json.getBytes(StandardCharsets.UTF_8);
        int at = element(encoded.length + 1);
        bytes[at] = JSONB_VERSION;
        System.arraycopy(encoded, 0, bytes, at + 1, encoded.length);
        return this;
    }

    /** What a statement's parameter is set to; this must not be added to afterwards. */
    public Array toSql(Connection connection) throws SQLException {
        INTS.set(bytes, 0, count == 0 ? 0 : 1);
        INTS.set(bytes, 4, 0);
        INTS.set(bytes, 8, type.elementOid);
        INTS.set(bytes, 12, count);
        INTS.set(bytes, 16, 1);
        // An array without elements has no dimension.
        byte[] exact = Arrays.copyOf(bytes, count == 0 ? 12 : length);
        return new PgArray(connection.unwrap(BaseConnection.class), type.arrayOid, exact);
    }

    /** Makes room for an element of that many bytes; returns where it begins. */
    private int element(int size) {
        int begin = length + 4;
        if (begin + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(begin + size, Math.multiplyExact(bytes.length, 2)));
        }
        INTS.set(bytes, length, size);
        length = begin + size;
        count++;
        return begin;
    }
}
