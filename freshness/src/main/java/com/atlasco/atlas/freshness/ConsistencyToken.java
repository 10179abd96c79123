package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * What a write returns: a position at or past the end of its commit. A read that presents it sees that write.
 *
 * <p>On the wire it is 34 characters of base64url without padding: a version byte, the system id, the timeline, the
 * LSN, and a CRC-32C over these. The checksum catches accidents, not forgers: a token is never believed beyond what the
 * primary itself has written.
 *
 * @param shownByPrimary whether the primary has shown all that the token stands for: then it need not wait for commits that
 *     only others have shown yet. Its version byte says so
 */
public record ConsistencyToken(Position position, boolean shownByPrimary) {

    static final String HEADER = "X-Consistency-Token";

    private static final byte VERSION = 1;
    private static final byte VERSION_OF_SHOWN = 2;
    private static final int PAYLOAD_BYTES = 1 + Long.BYTES + Integer.BYTES + Long.BYTES;
    private static final int TOTAL_BYTES = PAYLOAD_BYTES + Integer.BYTES;

    /** One that any source may have shown, or none yet. */
    public ConsistencyToken(Position position) {
        this(position, false);
    }

    /** The refusal of a token that no server of this history can have given out. */
    static AtlasException impossible() {
        return Problem.of(
                        ErrorCode.INVALID_TOKEN,
                        "the consistency token is of another history of the store, or lies past its end")
                .at(HEADER)
                .hint("the store was restored or failed over: read with X-Freshness-Requirement: realtime and"
                        + " without the token")
                .asException();
    }

    /** The text a client is given and hands back unread. */
    public String encode() {
        ByteBuffer buffer = ByteBuffer.allocate(TOTAL_BYTES)
                .put(shownByPrimary ? VERSION_OF_SHOWN : VERSION)
                .putLong(position.systemId())
                .putInt(position.timeline())
                .putLong(position.lsn().value());
        buffer.putInt(checksum(buffer.array()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_token} for every other text
     */
    public static ConsistencyToken decode(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw invalid("the consistency token is not one that this service gave out");
        }
        if (bytes.length == 0 || (bytes[0] != VERSION && bytes[0] != VERSION_OF_SHOWN)) {
            throw invalid("the consistency token is of an unknown version");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length != TOTAL_BYTES || buffer.getInt(PAYLOAD_BYTES) != checksum(bytes)) {
            throw invalid("the consistency token is damaged");
        }
        ConsistencyToken token = new ConsistencyToken(
                new Position(buffer.getLong(1), buffer.getInt(9), new Lsn(buffer.getLong(13))),
                bytes[0] == VERSION_OF_SHOWN);
        // Base64 leaves bits over in its last character; with one spelling per token, equal texts mean equal tokens.
        if (token.position.timeline() < 1 || !token.encode().equals(text)) {
            throw invalid("the consistency token is damaged");
        }
        return token;
    }

    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(Arrays.copyOf(bytes, PAYLOAD_BYTES));
        return (int) checksum.getValue();
    }

    private static RuntimeException invalid(String detail) {
        return Problem.of(ErrorCode.INVALID_TOKEN, detail)
                .at(HEADER)
                .hint("send the token of a write's answer unchanged, or leave the header out")
                .asException();
    }
}
