package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.FailureException;
import com.atlasco.atlas.cli.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Reads the rows of an input one by one. Used by one thread. */
final class RowReader implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    /** Reads the rows of one format. */
    interface Rows {
        /** The next row, or empty at the end. */
        Optional<Row> next() throws IOException;

        /** The line that was read last. */
        long line();
    }

    private final ImportInput input;
    private final CountingStream counted;
    private final BufferedReader characters;
    private final Rows rows;

    private RowReader(ImportInput input, CountingStream counted, BufferedReader characters, Rows rows) {
        this.input = input;
        this.counted = counted;
        this.characters = characters;
        this.rows = rows;
    }

    /** Opens an input, unpacks gzip, and finds the format by the name or else by the first character. */
    static RowReader open(ImportInput input, Optional<FileFormat> format) {
        try {
            CountingStream counted = new CountingStream(input.opener().open());
            BufferedReader characters = new BufferedReader(
                    new InputStreamReader(
                            unpacked(counted),
                            StandardCharsets.UTF_8
                                    .newDecoder()
                                    .onMalformedInput(CodingErrorAction.REPORT)
                                    .onUnmappableCharacter(CodingErrorAction.REPORT)),
                    BUFFER);
            int first = firstCharacter(characters);
            Rows rows = switch (format.or(() -> FileFormat.ofName(input.name()))
                    .orElseGet(() -> FileFormat.ofFirstCharacter(first))) {
                case csv -> CsvRows.open(characters, input.name());
                case ndjson -> new NdjsonRows(characters);
            };
            return new RowReader(input, counted, characters, rows);
        } catch (CharacterCodingException exception) {
            throw notUtf8(input, 1, exception);
        } catch (IOException exception) {
            throw new UsageException(input.name() + " cannot be read: " + exception.getMessage() + ".");
        }
    }

    private static InputStream unpacked(InputStream stored) throws IOException {
        PushbackInputStream peeked = new PushbackInputStream(stored, 2);
        byte[] magic = peeked.readNBytes(2);
        peeked.unread(magic);
        boolean gzip = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
        return gzip ? new GZIPInputStream(peeked, BUFFER) : peeked;
    }

    /** Looks at the first character that is not white space, and passes over a byte order mark. */
    private static int firstCharacter(BufferedReader characters) throws IOException {
        characters.mark(BUFFER);
        if (characters.read() != '\uFEFF') {
            characters.reset();
        }
        characters.mark(BUFFER);
        int first = characters.read();
        for (int seen = 1; first >= 0 && Character.isWhitespace(first) && seen < BUFFER - 1; seen++) {
            first = characters.read();
        }
        characters.reset();
        return first;
    }

    /**
     * The next row, or empty at the end.
     *
     * @throws FailureException when the input breaks off or is not UTF-8
     */
    Optional<Row> next() {
        try {
            return rows.next();
        } catch (CharacterCodingException exception) {
            throw notUtf8(input, rows.line(), exception);
        } catch (IOException exception) {
            throw new FailureException(
                    "%s cannot be read after line %d: %s.".formatted(input.name(), rows.line(), exception.getMessage()),
                    exception);
        }
    }

    private static FailureException notUtf8(ImportInput input, long line, IOException exception) {
        return new FailureException(
                "%s is not UTF-8 shortly after line %d. Convert it first, for example: iconv -f WINDOWS-1252 -t UTF-8"
                        .formatted(input.name(), line),
                exception);
    }

    /** Bytes read of the input as stored; may be asked for by another thread. */
    long bytesRead() {
        return counted.count();
    }

    @Override
    public void close() {
        try {
            characters.close();
        } catch (IOException exception) {
            // It was only read.
        }
    }
}
