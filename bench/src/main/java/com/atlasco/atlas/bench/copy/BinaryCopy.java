package com.atlasco.atlas.bench.copy;

import com.atlasco.atlas.model.Value;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Rows in the binary form of PostgreSQL's COPY. Not thread-safe. */
public final class BinaryCopy {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final long EPOCH_2000_MICROS = 946_684_800_000_000L;
    private static final int INT4_OID = 23;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 * 1024);
    private final DataOutputStream out = new DataOutputStream(bytes);

    private interface Part {
        void write() throws IOException;
    }

    public BinaryCopy() {
        write(() -> {
            out.write(SIGNATURE);
            out.writeInt(0);
            out.writeInt(0);
        });
    }

    /** Begins a row of so many columns. */
    public BinaryCopy row(int columns) {
        return write(() -> out.writeShort(columns));
    }

    public BinaryCopy int8(long value) {
        return write(() -> {
            out.writeInt(8);
            out.writeLong(value);
        });
    }

    public BinaryCopy int4(int value) {
        return write(() -> {
            out.writeInt(4);
            out.writeInt(value);
        });
    }

    public BinaryCopy text(String value) {
        return write(() -> {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
        });
    }

    public BinaryCopy jsonb(String value) {
        return write(() -> {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length + 1);
            out.writeByte(1);
            out.write(utf8);
        });
    }

    public BinaryCopy int4Array(List<Integer> values) {
        return write(() -> {
            out.writeInt(20 + 8 * values.size());
            out.writeInt(1);
            out.writeInt(0);
            out.writeInt(INT4_OID);
            out.writeInt(values.size());
            out.writeInt(1);
            for (int value : values) {
                out.writeInt(4);
                out.writeInt(value);
            }
        });
    }

    public BinaryCopy timestamp(long epochMicros) {
        return int8(epochMicros - EPOCH_2000_MICROS);
    }

    public BinaryCopy nothing() {
        return write(() -> out.writeInt(-1));
    }

    /** One column of the value's own type. */
    public BinaryCopy value(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) ->
                write(() -> {
                    out.writeInt(8);
                    out.writeDouble(number);
                });
            case Value.TextValue(String text) -> text(text);
            case Value.TimestampValue(long micros) -> timestamp(micros);
            case Value.BoolValue(boolean bool) ->
                write(() -> {
                    out.writeInt(1);
                    out.writeBoolean(bool);
                });
            case Value.JsonValue _ -> throw new IllegalArgumentException("the data sets have no JSON values");
        };
    }

    /** The four columns value_number, value_text, value_ts, value_bool, of which one holds the value. */
    public BinaryCopy typed(Value value) {
        int place = switch (value.dataType()) {
            case NUMBER -> 0;
            case TEXT -> 1;
            case TS -> 2;
            case BOOL, JSON -> 3;
        };
        for (int column = 0; column < 4; column++) {
            if (column == place) {
                value(value);
            } else {
                nothing();
            }
        }
        return this;
    }

    /** Sends everything, ended. */
    public void copy(Connection connection, String sql) throws SQLException {
        byte[] rows = end();
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        copy.writeToCopy(rows, 0, rows.length);
        copy.endCopy();
    }

    /** Everything, ended. */
    public byte[] end() {
        write(() -> out.writeShort(-1));
        return bytes.toByteArray();
    }

    private BinaryCopy write(Part part) {
        try {
            part.write();
            return this;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
