package com.atlasco.atlas.query;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.model.ValueParser;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The text of a cursor in answers and requests: URL-safe, opaque, and bound to the query it belongs to. It is checked
 * against damage and mix-ups, not against forgery: who forges one sees nothing but another page of their own tenant.
 *
 * <p>The bytes, in Base64 for URLs without padding: version (1), the query's fingerprint (8), the entity id (8), for each
 * property that is sorted by the value's type (1) and the value (of text its length (4) and its UTF-8), and the CRC-32C
 * of all before (4). Thread-safe.
 */
public final class CursorCodec {

    private static final byte VERSION = 2;
    private static final int FINGERPRINT_BYTES = 8;
    private static final int FIXED_BYTES = 1 + FINGERPRINT_BYTES + Long.BYTES;
    private static final int CHECKSUM_BYTES = 4;

    private static final byte NO_VALUE = 0;
    private static final byte NUMBER = 1;
    private static final byte TEXT = 2;
    private static final byte TIMESTAMP = 3;
    private static final byte BOOL = 4;

    private CursorCodec() {}

    /** What tells a query's cursors from those of all others: its tenant, filter and order; not its limit. */
    public static String fingerprint(TenantId tenant, String filterText, List<SortKey> sort) {
        StringBuilder order = new StringBuilder();
        for (SortKey key : sort) {
            String name = key.property().wireName();
            order.append(key.descending() ? "-" : "+")
                    .append(key.property().dataType().wireName())
                    .append(" %d:%s".formatted(name.length(), name));
        }
        return "%s:%d:%s:%s".formatted(tenant, order.length(), order, filterText);
    }

    /**
     * The cursor's text.
     *
     * @param fingerprint as {@link #fingerprint} gives it
     * @throws IllegalArgumentException for a sort value of type json, which has no order
     */
    public static String encode(Cursor cursor, String fingerprint) {
        List<byte[]> values = cursor.sortValues().stream()
                .map(value -> value.map(CursorCodec::bytes).orElse(new byte[] {NO_VALUE}))
                .toList();
        int size = values.stream().mapToInt(value -> value.length).sum();
        ByteBuffer buffer = ByteBuffer.allocate(FIXED_BYTES + size + CHECKSUM_BYTES)
                .put(VERSION)
                .put(digest(fingerprint))
                .putLong(cursor.entityId());
        values.forEach(buffer::put);
        buffer.putInt(checksum(buffer.array(), buffer.position()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
    }

    private static byte[] bytes(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) ->
                ByteBuffer.allocate(9).put(NUMBER).putDouble(number).array();
            case Value.TextValue(String text) -> {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                yield ByteBuffer.allocate(1 + Integer.BYTES + utf8.length)
                        .put(TEXT)
                        .putInt(utf8.length)
                        .put(utf8)
                        .array();
            }
            case Value.TimestampValue(long micros) ->
                ByteBuffer.allocate(9).put(TIMESTAMP).putLong(micros).array();
            case Value.BoolValue(boolean bool) -> new byte[] {BOOL, (byte) (bool ? 1 : 0)};
            case Value.JsonValue _ -> throw new IllegalArgumentException("json has no order to go on from");
        };
    }

    /**
     * Reads what {@link #encode} wrote for the same query.
     *
     * @param sort the order of that query
     * @return a cursor with a value of its type, or none, for each key of the order
     * @throws AtlasException {@code invalid_cursor} when the text is none, is damaged, or belongs to another query
     */
    public static Cursor decode(String text, String fingerprint, List<SortKey> sort) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw damaged();
        }
        int end = bytes.length - CHECKSUM_BYTES;
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (end < FIXED_BYTES || buffer.getInt(end) != checksum(bytes, end)) {
            throw damaged();
        }
        buffer.limit(end);
        byte[] owner = new byte[FINGERPRINT_BYTES];
        if (buffer.get() != VERSION) {
            throw invalid("the cursor is of a version that is not known here");
        }
        buffer.get(owner);
        if (!Arrays.equals(owner, digest(fingerprint))) {
            throw invalid("the cursor belongs to another query");
        }
        long entityId = buffer.getLong();
        try {
            List<Optional<Value>> values = new ArrayList<>();
            for (SortKey key : sort) {
                values.add(value(buffer));
                if (values.getLast()
                        .filter(value -> value.dataType() != key.property().dataType())
                        .isPresent()) {
                    throw damaged();
                }
            }
            if (buffer.hasRemaining()) {
                throw damaged();
            }
            return new Cursor(values, entityId);
        } catch (BufferUnderflowException
                | CharacterCodingException
                | IllegalArgumentException
                | AtlasException malformed) {
            throw damaged();
        }
    }

    private static Optional<Value> value(ByteBuffer buffer) throws CharacterCodingException {
        byte type = buffer.get();
        return switch (type) {
            case NO_VALUE -> Optional.empty();
            case NUMBER -> Optional.of(new Value.NumberValue(buffer.getDouble()));
            case TEXT -> {
                int length = buffer.getInt();
                if (length < 0 || length > buffer.remaining()) {
                    throw damaged();
                }
                ByteBuffer utf8 = buffer.slice(buffer.position(), length);
                buffer.position(buffer.position() + length);
                yield Optional.of(new Value.TextValue(ValueParser.checkText(
                        "cursor",
                        StandardCharsets.UTF_8.newDecoder().decode(utf8).toString())));
            }
            case TIMESTAMP -> Optional.of(new Value.TimestampValue(buffer.getLong()));
            case BOOL -> Optional.of(new Value.BoolValue(buffer.get() != 0));
            default -> throw damaged();
        };
    }

    private static byte[] digest(String fingerprint) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(fingerprint.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(hash, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    private static AtlasException damaged() {
        return invalid("the cursor cannot be read");
    }

    private static AtlasException invalid(String detail) {
        return Problem.of(ErrorCode.INVALID_CURSOR, detail)
                .at("cursor")
                .hint(
                        "Send next_cursor as it came, with the tenant, filter and sortby of its page; or leave it out to start at the first page.")
                .asException();
    }
}
