package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.model.Value;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Rows in the binary form of PostgreSQL's COPY. Not thread-safe. */
final class BinaryCopy {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final long EPOCH_2000_MICROS = 946_684_800_000_000L;
    private static final int INT4_OID = 23;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 * 1024);
    private final DataOutputStream out = new DataOutputStream(bytes);

    private interface Part {
        void write() throws IOException;
    }

    BinaryCopy() {
        write(() -> {
            out.write(SIGNATURE);
            out.writeInt(0);
            out.writeInt(0);
        });
    }

    /** Begins a row of so many columns. */
    BinaryCopy row(int columns) {
        return write(() -> out.writeShort(columns));
    }

    BinaryCopy int8(long value) {
        return write(() -> {
            out.writeInt(8);
            out.writeLong(value);
        });
    }

    BinaryCopy int4(int value) {
        return write(() -> {
            out.writeInt(4);
            out.writeInt(value);
        });
    }

    BinaryCopy text(String value) {
        return write(() -> {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
        });
    }

    BinaryCopy jsonb(String value) {
        return write(() -> {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length + 1);
            out.writeByte(1);
            out.write(utf8);
        });
    }

    BinaryCopy int4Array(List<Integer> values) {
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

    BinaryCopy timestamp(long epochMicros) {
        return int8(epochMicros - EPOCH_2000_MICROS);
    }

    BinaryCopy nothing() {
        return write(() -> out.writeInt(-1));
    }

    /** The four columns value_number, value_text, value_ts, value_bool, of which one holds the value. */
    BinaryCopy typed(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) ->
                write(() -> {
                            out.writeInt(8);
                            out.writeDouble(number);
                        })
                        .nothing()
                        .nothing()
                        .nothing();
            case Value.TextValue(String text) -> nothing().text(text).nothing().nothing();
            case Value.TimestampValue(long micros) ->
                nothing().nothing().timestamp(micros).nothing();
            case Value.BoolValue(boolean bool) ->
                nothing().nothing().nothing().write(() -> {
                    out.writeInt(1);
                    out.writeBoolean(bool);
                });
            case Value.JsonValue _ -> throw new IllegalArgumentException("the data set has no JSON values");
        };
    }

    /** Everything, ended. */
    byte[] end() {
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
