package com.atlasco.atlas.cli.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Which rows go where: a file as it stands (path, size, time of modification, its beginning), and a tenant of an Atlas.
 * An import that is interrupted goes on only when all of this is the same.
 */
final class ImportIdentity {

    private static final int HEAD = 64 * 1024;
    private static final int ROW_BITS = 28;

    private final Path file;
    private final byte[] digest;

    private ImportIdentity(Path file, byte[] digest) {
        this.file = file;
        this.digest = digest;
    }

    static ImportIdentity of(Path file, String url, long tenant) throws IOException {
        Path path = file.toRealPath();
        MessageDigest sha = sha256();
        for (String part : new String[] {
            path.toString(),
            Long.toString(Files.size(path)),
            Long.toString(Files.getLastModifiedTime(path).toMillis()),
            url,
            Long.toString(tenant)
        }) {
            sha.update(part.getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
        }
        try (InputStream stream = Files.newInputStream(path)) {
            sha.update(stream.readNBytes(HEAD));
        }
        return new ImportIdentity(path, sha.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }

    Path file() {
        return file;
    }

    String key() {
        return HexFormat.of().formatHex(digest, 0, 16);
    }

    /**
     * The id of a row that brings none: the same whenever this import is run, and far above the ids that the server gives
     * out and people choose. Of 63 bits, 34 tell imports apart and 28 the rows of one; rows beyond 2^28 take others of
     * the digest.
     *
     * @param row from 1
     */
    long entityId(long row) {
        ByteBuffer bits = ByteBuffer.wrap(digest);
        int block = Math.floorMod(Math.toIntExact(row >>> ROW_BITS), 3);
        long imported = bits.getLong(block * Long.BYTES) >>> 30;
        return (1L << 62) | (imported << ROW_BITS) | (row & ((1L << ROW_BITS) - 1));
    }
}
