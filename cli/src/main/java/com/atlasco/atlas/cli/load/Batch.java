package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.load.RowConverter.Converted.Item;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Items that are sent in one request. At most a thousand, which is what the server writes in one transaction: so the
 * answer's header carries the token. Used by one thread at a time.
 */
final class Batch {

    private static final int MOST_ITEMS = 1_000;
    private static final int MOST_BYTES = 4 << 20;

    private final List<Entry> entries = new ArrayList<>();
    private int bytes;

    /**
     * An item as it is sent, without the line's end.
     *
     * @param row its place in the input, from 1
     * @param entityId empty where the server gives it out
     * @param idDerived whether its id is one that only this import gives, so that whatever has it came from here
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared; a copy of every item would cost.
    record Entry(long line, long row, OptionalLong entityId, boolean idDerived, byte[] json) {

        /** Whether sending it twice does no more than sending it once: it names its entity. */
        boolean repeatable() {
            return entityId.isPresent();
        }
    }

    void add(Item item, long row, byte[] json) {
        add(new Entry(item.line(), row, item.entityId(), item.idDerived(), json));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    void add(Entry entry) {
        entries.add(entry);
        bytes += entry.json().length + 1;
    }

    boolean full() {
        return entries.size() >= MOST_ITEMS || bytes >= MOST_BYTES;
    }

    List<Entry> entries() {
        return entries;
    }

    /** Whether sending it twice does no more than sending it once: every item names its entity. */
    boolean repeatable() {
        return entries.stream().allMatch(Entry::repeatable);
    }

    byte[] ndjson() {
        ByteArrayOutputStream body = new ByteArrayOutputStream(bytes);
        for (Entry entry : entries) {
            body.writeBytes(entry.json());
            body.write('\n');
        }
        return body.toByteArray();
    }
}
