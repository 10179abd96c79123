package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Value;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A SHA-256 of what a request means: of the write and its condition, by values and not by the text that they came as.
 *
 * @param hex 64 digits
 */
record RequestHash(String hex) {

    static RequestHash of(WriteRequest request) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out, request.write());
            write(out, request.condition());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        try {
            return new RequestHash(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray())));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }

    // The letters are stored, as part of the hash: a changed one makes a request that is sent again look like another.
    private static void write(DataOutputStream out, EntityWrite write) throws IOException {
        switch (write) {
            case EntityWrite.Create(Optional<Long> entityId, String entityType, Document document) -> {
                out.writeByte('C');
                out.writeLong(entityId.orElse(0L));
                write(out, entityType);
                write(out, DocumentCodec.encode(document));
            }
            case EntityWrite.Replace(long entityId, String entityType, Document document) -> {
                out.writeByte('R');
                out.writeLong(entityId);
                write(out, entityType);
                write(out, DocumentCodec.encode(document));
            }
            case EntityWrite.Patch(long entityId, Optional<String> entityType, var changes) -> {
                out.writeByte('P');
                out.writeLong(entityId);
                write(out, entityType, changes);
            }
            case EntityWrite.Merge(long entityId, Optional<String> entityType, var changes) -> {
                out.writeByte('M');
                out.writeLong(entityId);
                write(out, entityType, changes);
            }
            case EntityWrite.SetAttribute(long entityId, int attributeId, Value value) -> {
                out.writeByte('S');
                out.writeLong(entityId);
                write(out, DocumentCodec.encode(Document.of(Map.of(attributeId, value))));
            }
            case EntityWrite.RemoveAttribute(long entityId, int attributeId) -> {
                out.writeByte('U');
                out.writeLong(entityId);
                out.writeInt(attributeId);
            }
            case EntityWrite.Delete(long entityId) -> {
                out.writeByte('D');
                out.writeLong(entityId);
            }
        }
    }

    private static void write(DataOutputStream out, WriteCondition condition) throws IOException {
        switch (condition) {
            case WriteCondition.Always() -> out.writeByte('-');
            case WriteCondition.VersionIs(var versions) -> {
                out.writeByte('V');
                for (long version : new TreeSet<>(versions)) {
                    out.writeLong(version);
                }
            }
            case WriteCondition.Exists() -> out.writeByte('E');
            case WriteCondition.Absent() -> out.writeByte('A');
        }
    }

    private static void write(DataOutputStream out, Optional<String> entityType, Map<Integer, Optional<Value>> changes)
            throws IOException {
        out.writeBoolean(entityType.isPresent());
        write(out, entityType.orElse(""));
        TreeMap<Integer, Value> set = new TreeMap<>();
        TreeSet<Integer> removed = new TreeSet<>();
        changes.forEach((id, value) -> value.ifPresentOrElse(given -> set.put(id, given), () -> removed.add(id)));
        write(out, DocumentCodec.encode(new Document(set)));
        write(out, removed.toString());
    }

    /** With its length before it: no two lists of texts look alike. */
    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
