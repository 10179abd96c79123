package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.server.json.JsonInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Items as NDJSON: one JSON value a line; blank lines are passed over; a broken line breaks only itself. */
final class NdjsonItems implements BatchItems {

    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final RequestStream stream;
    private final byte[] buffer = new byte[64 * 1024];
    private int from;
    private int to;
    private boolean atEnd;

    NdjsonItems(RequestStream stream) {
        this.stream = stream;
    }

    @Override
    public Optional<Item> next() throws IOException {
        while (true) {
            Optional<Line> line = line();
            if (line.isEmpty()) {
                return Optional.empty();
            }
            if (line.get().tooLong()) {
                return Optional.of(new Item.Broken(BatchItems.tooLong()));
            }
            if (!isBlank(line.get().bytes())) {
                return Optional.of(parse(line.get().bytes()));
            }
        }
    }

    @Override
    public boolean ready() throws IOException {
        return from < to || atEnd || stream.readyWithin(PATIENCE);
    }

    @Override
    public boolean ended() throws IOException {
        return from == to && (atEnd || stream.ended());
    }

    // Never compared.
    @SuppressWarnings("ArrayRecordComponent")
    private record Line(byte[] bytes, boolean tooLong) {}

    private Optional<Line> line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        boolean any = false;
        while (true) {
            if (from == to) {
                int count = atEnd ? -1 : stream.read(buffer);
                if (count < 0) {
                    atEnd = true;
                    return any ? Optional.of(new Line(line.toByteArray(), tooLong)) : Optional.empty();
                }
                from = 0;
                to = count;
            }
            any = true;
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            if (line.size() + end - from > MAX_ITEM_BYTES) {
                tooLong = true;
                line.reset();
            } else if (!tooLong) {
                line.write(buffer, from, end - from);
            }
            from = Math.min(end + 1, to);
            if (end < to) {
                return Optional.of(new Line(line.toByteArray(), tooLong));
            }
        }
    }

    private static Item parse(byte[] bytes) {
        try {
            return new Item.Json(JsonInput.read(bytes), bytes.length);
        } catch (AtlasException malformed) {
            return new Item.Broken(malformed.problem());
        }
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte unit : bytes) {
            if (unit != ' ' && unit != '\t' && unit != '\r') {
                return false;
            }
        }
        return true;
    }
}
