package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Which of the servers is the primary after a replica was promoted. */
final class Succession {

    /**
     * A primary that failed has written little that its replica had not received; one whose log goes on for longer went on
     * working.
     */
    private static final long MOST_SUPERSEDED_BYTES = 16L << 20;

    private final Site site;
    private final Primary primary;
    private final List<Replica> replicas;

    /** Of all replicas that there may be, in use or not. */
    Succession(Site site, Primary primary, List<Replica> replicas) {
        this.site = site;
        this.primary = primary;
        this.replicas = List.copyOf(replicas);
    }

    /** The replica whose directory is that of a newer primary than the primary's; of several, the newest. */
    Optional<Replica> promoted() {
        return replicas.stream()
                .filter(replica -> replica.promoted(primary.server().directory()))
                .max(Comparator.comparingInt(Succession::timeline));
    }

    private static int timeline(Replica replica) {
        return Timelines.of(replica.server().directory()).newest();
    }

    /**
     * With the servers down: after a failover the newest data are in a replica's directory. Its name becomes the
     * primary's, that replica is copied from it, and others follow it; the old primary's directory, which may hold writes that the replica
     * never got, is kept aside until the next failover.
     *
     * @throws EmbeddedPostgresException when the old primary has gone on to write, or another replica was promoted, too;
     *     nothing is moved then
     */
    void takeOver() throws IOException {
        Path directory = primary.server().directory();
        Optional<Replica> promoted = promoted();
        if (promoted.isEmpty()) {
            return;
        }
        Replica replica = promoted.get();
        requireOnly(replica);
        Path superseded = directory.resolveSibling("primary.superseded");
        if (primary.exists()) {
            requireSuperseded(directory, replica);
        }
        site.progress()
                .accept("The " + replica.name() + " was promoted: its data are the primary's from now on"
                        + (primary.exists() ? ", and the old primary's are in " + superseded : ""));
        if (primary.exists()) {
            FileTree.delete(superseded);
            FileTree.publish(directory, superseded);
        }
        FileTree.publish(replica.server().directory(), directory);
    }

    private void requireOnly(Replica promoted) {
        for (Replica other : replicas) {
            if (other != promoted && other.promoted(primary.server().directory())) {
                throw new EmbeddedPostgresException("The replicas in "
                        + promoted.server().directory() + " and "
                        + other.server().directory() + " were both promoted: each may hold writes that the other one"
                        + " lacks, and nothing was changed. Rename the directory of the one that is not to be gone on"
                        + " from, then start again.");
            }
        }
    }

    private void requireSuperseded(Path directory, Replica replica) throws IOException {
        Timelines old = Timelines.of(directory);
        OptionalLong left = Timelines.of(replica.server().directory()).left(old.newest());
        if (left.isPresent()) {
            long beyond = old.end(old.newest(), left.getAsLong()) - left.getAsLong();
            if (beyond <= MOST_SUPERSEDED_BYTES) {
                return;
            }
            throw refused(replica, "went on to write %,d MB of log after that".formatted(beyond >> 20));
        }
        throw refused(replica, "is not the one that the replica followed");
    }

    private EmbeddedPostgresException refused(Replica replica, String why) {
        Path directory = primary.server().directory();
        Path promoted = replica.server().directory();
        return new EmbeddedPostgresException("The replica in " + promoted + " was promoted, but the primary in "
                + directory + " " + why + ": each may hold writes that the other one lacks, and nothing was changed. To"
                + " go on from the promoted replica, rename " + directory
                + " to another name; to go on from the primary,"
                + " rename " + promoted
                + ". What was renamed can be started and looked at as any PostgreSQL. Then start"
                + " again.");
    }

    /**
     * Ends a primary that runs beside the promoted replica, so that no write goes to it any more.
     *
     * @return whether it did
     */
    boolean fence() {
        Optional<Replica> promoted = promoted();
        if (promoted.isEmpty() || !primary.server().running()) {
            return false;
        }
        primary.server().kill();
        site.progress()
                .accept(
                        "The " + promoted.get().name()
                                + " has been promoted while the primary ran: the primary was stopped, so that there is"
                                + " only one. Writes go to the promoted one; the next start of Atlas makes the other a replica");
        return true;
    }
}
