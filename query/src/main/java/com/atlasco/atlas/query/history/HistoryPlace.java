package com.atlasco.atlas.query.history;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * Where an entry stands: by its commit, its place in that, and its attribute.
 *
 * @param commitLsn unsigned
 * @param attributeId 0 for what concerns the entity as a whole
 */
public record HistoryPlace(long commitLsn, long ordinal, int attributeId) {

    private static final int BYTES = 2 * Long.BYTES + Integer.BYTES;

    /** The place as an opaque text, bound to the entity whose history it is of. */
    public String encode(TenantId tenant, long entityId) {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES + Integer.BYTES)
                .putLong(commitLsn)
                .putLong(ordinal)
                .putInt(attributeId);
        buffer.putInt(checksum(buffer.array(), tenant, entityId));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
    }

    /**
     * Reads what {@link #encode} wrote for the same entity.
     *
     * @throws AtlasException {@code invalid_cursor}
     */
    public static HistoryPlace decode(String text, TenantId tenant, long entityId) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw invalid();
        }
        if (bytes.length != BYTES + Integer.BYTES
                || ByteBuffer.wrap(bytes).getInt(BYTES) != checksum(bytes, tenant, entityId)) {
            throw invalid();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new HistoryPlace(buffer.getLong(), buffer.getLong(), buffer.getInt());
    }

    private static int checksum(byte[] bytes, TenantId tenant, long entityId) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, BYTES);
        checksum.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(tenant.value())
                .putLong(entityId)
                .flip());
        return (int) checksum.getValue();
    }

    private static AtlasException invalid() {
        return Problem.of(ErrorCode.INVALID_CURSOR, "the cursor cannot be read, or is of another entity's history")
                .at("cursor")
                .hint(
                        "Send next_cursor as it came, with the entity of its page; or leave it out to start with the newest.")
                .asException();
    }
}
