package com.atlasco.atlas.capture;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where and how changes are captured.
 *
 * @param host the primary's host
 * @param port the primary's port
 * @param database the database that holds the publication
 * @param user a role with LOGIN and REPLICATION that may read the published tables past row-level security
 * @param password the role's password; empty where the server trusts the connection
 * @param slotName the logical replication slot: lower-case letters, digits and underscores, at most 63
 * @param publication the publication to read; it must exist
 * @param schema the schema of the published tables
 * @param maxBatch the most streamed records that are applied at once, from 1
 * @param maxSnapshotBatch the most rows of a snapshot that are applied at once, from 1
 * @param maxBatchDelay how long a streamed record waits for others to share its batch, and how often an idle log is
 *     asked for news; whole milliseconds, from 1
 * @param confirmInterval how often at most the slot is told what is durable in the analytics store
 * @param minBackoff the wait before the first new try after a failure; doubled with each failure in a row
 * @param maxBackoff the longest wait between two tries
 * @param snapshotThreads how many parts of a snapshot are read at once, from 1
 * @param snapshotOnNewTimeline whether a store that knows more than the server's timeline, as after a failover that lost
 *     the last changes, is filled anew without a word; otherwise capture waits for one
 * @param successors where the primary may be after a failover: capture goes on from whichever server takes writes
 */
public record CaptureSettings(
        String host,
        int port,
        String database,
        String user,
        String password,
        String slotName,
        String publication,
        String schema,
        int maxBatch,
        int maxSnapshotBatch,
        Duration maxBatchDelay,
        Duration confirmInterval,
        Duration minBackoff,
        Duration maxBackoff,
        int snapshotThreads,
        boolean snapshotOnNewTimeline,
        List<Server> successors) {

    private static final Pattern SLOT_NAME = Pattern.compile("[a-z0-9_]{1,63}");

    /** A server's address. */
    public record Server(String host, int port) {

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    public CaptureSettings {
        successors = List.copyOf(successors);
        if (!SLOT_NAME.matcher(slotName).matches()) {
            throw new IllegalArgumentException("a slot's name is made of a-z, 0-9 and _, not " + slotName);
        }
        if (maxBatch < 1 || maxSnapshotBatch < 1) {
            throw new IllegalArgumentException("a batch holds at least one record");
        }
        if (snapshotThreads < 1) {
            throw new IllegalArgumentException("a snapshot is read by at least one thread");
        }
        if (maxBatchDelay.toMillis() < 1 || confirmInterval.isNegative() || minBackoff.toMillis() < 1) {
            throw new IllegalArgumentException("intervals are at least a millisecond");
        }
        if (maxBackoff.compareTo(minBackoff) < 0) {
            throw new IllegalArgumentException("the longest backoff is at least the shortest");
        }
    }

    /** The slot and publication {@code atlas} in schema {@code public}, tuned for low staleness. */
    public static CaptureSettings of(String host, int port, String database, String user, String password) {
        return new CaptureSettings(
                host,
                port,
                database,
                user,
                password,
                "atlas",
                "atlas",
                "public",
                8_192,
                20_000,
                Duration.ofMillis(25),
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                Duration.ofSeconds(5),
                2,
                false,
                List.of());
    }

    /** The same with servers that may take over, and a word on what is to happen then. */
    public CaptureSettings withSuccessors(List<Server> servers, boolean snapshotOnNewTimelineWished) {
        return new CaptureSettings(
                host,
                port,
                database,
                user,
                password,
                slotName,
                publication,
                schema,
                maxBatch,
                maxSnapshotBatch,
                maxBatchDelay,
                confirmInterval,
                minBackoff,
                maxBackoff,
                snapshotThreads,
                snapshotOnNewTimelineWished,
                servers);
    }

    /** Where the primary is, or may be, the first that is named before those that may take over. */
    List<Server> servers() {
        return Stream.concat(Stream.of(new Server(host, port)), successors.stream())
                .toList();
    }

    @Override
    public String toString() {
        return "CaptureSettings[" + user + "@" + host + ":" + port + "/" + database + ", slot " + slotName
                + ", publication " + publication + "]";
    }
}
