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
import java.util.function.LongConsumer;

/**
 * Which rows go where. An import that is interrupted goes on only when all of this is the same; the ids of rows that bring
 * none follow from the file and its content alone, so that whatever else is corrected, they are merged and not doubled.
 *
 * @param file as it really is, without links
 * @param content the SHA-256 of all its bytes, in hex
 * @param url where it goes
 * @param owner whose the entities are, as {@link com.atlasco.atlas.cli.http.HttpApi#owner} says it
 * @param options that decide what becomes of a row, as {@link ImportOptions#ofRows} says them
 */
record ImportIdentity(Path file, String content, String url, String owner, String options) {

    private static final int ROW_BITS = 28;
    private static final int BUFFER = 1 << 20;

    /**
     * Of a file as it stands; reads all of it.
     *
     * @param bytesRead hears how much of it has been read, again and again
     */
    static ImportIdentity of(Path file, String url, String owner, String options, LongConsumer bytesRead)
            throws IOException {
        Path path = file.toRealPath();
        MessageDigest sha = sha256();
        byte[] buffer = new byte[BUFFER];
        long done = 0;
        try (InputStream stream = Files.newInputStream(path)) {
            for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
                sha.update(buffer, 0, length);
                done += length;
                bytesRead.accept(done);
            }
        }
        return new ImportIdentity(path, HexFormat.of().formatHex(sha.digest()), url, owner, options);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }

    private static byte[] digest(String... parts) {
        MessageDigest sha = sha256();
        for (String part : parts) {
            sha.update(part.getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
        }
        return sha.digest();
    }

    /** What tells it from others of the same file in a file's name: eight digits. */
    String shortKey() {
        return HexFormat.of().formatHex(digest(file.toString(), content, url, owner, options), 0, 4);
    }

    /** Whether it is of the same file, with the same content. */
    boolean sameContent(ImportIdentity other) {
        return file.equals(other.file) && content.equals(other.content);
    }

    /** Whether it goes to the same tenant of the same Atlas, as far as this can be told from here. */
    boolean sameDestination(ImportIdentity other) {
        return url.equals(other.url) && owner.equals(other.owner);
    }

    /** Gives ids to rows that bring none. */
    RowIds rowIds() {
        return new RowIds(digest(file.toString(), content));
    }

    /**
     * The id of a row that brings none: the same whenever the same content is imported from the same place, and far above
     * the ids that the server gives out and people choose. Of 63 bits, 34 tell imports apart and 28 the rows of one; rows
     * beyond 2^28 take others of the digest.
     */
    static final class RowIds {

        private final byte[] digest;

        private RowIds(byte[] digest) {
            this.digest = digest;
        }

        /**
         * The id.
         *
         * @param row from 1
         */
        long of(long row) {
            ByteBuffer bits = ByteBuffer.wrap(digest);
            int block = Math.floorMod(Math.toIntExact(row >>> ROW_BITS), 3);
            long imported = bits.getLong(block * Long.BYTES) >>> 30;
            return (1L << 62) | (imported << ROW_BITS) | (row & ((1L << ROW_BITS) - 1));
        }
    }
}
