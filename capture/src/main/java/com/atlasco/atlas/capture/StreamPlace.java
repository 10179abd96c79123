package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.Lsn;
import java.util.Optional;

/**
 * Where the store is in the stream, as its watermark keeps it.
 *
 * @param boundary the end of the last transaction that is in the store whole, as far as the stream told
 * @param last the transaction after it, whose records the store has in part or whole; empty where there is none, or
 *     nobody noted it
 */
record StreamPlace(Lsn boundary, Optional<Transaction> last) {

    /**
     * A transaction, so that it is known again. Ids and moments are part of the log: a server that has the log tells the
     * same of it, and two servers that went on from the same place do not give both the same to different transactions.
     *
     * @param id the transaction's, which comes again after four billion others
     * @param committedMicros microseconds since 1970, by the clock of the server that committed it
     */
    record Transaction(long id, long committedMicros) {}

    static StreamPlace of(Watermark watermark) {
        return parse(watermark.connectorOffset());
    }

    /** @throws IllegalArgumentException when it is not what {@link #toString} makes */
    static StreamPlace parse(String text) {
        String[] parts = text.split(" ", -1);
        return switch (parts.length) {
            case 1 -> new StreamPlace(Lsn.parse(parts[0]), Optional.empty());
            case 3 ->
                new StreamPlace(
                        Lsn.parse(parts[0]),
                        Optional.of(new Transaction(Long.parseLong(parts[1]), Long.parseLong(parts[2]))));
            default -> throw new IllegalArgumentException("not a place in the stream: " + text);
        };
    }

    /** The boundary, and the transaction's id and moment behind it. */
    @Override
    public String toString() {
        return last.map(transaction -> boundary + " " + transaction.id() + " " + transaction.committedMicros())
                .orElse(boundary.toString());
    }
}
