package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * A replica over time: it is started, looked after, copied anew when it can no longer follow, and led to another primary
 * after a failover. Guarded by the lock of the operations.
 */
final class Follower {

    private static final int REPLICA_TRIES = 3;

    private final Site site;
    private final Replica replica;
    private final Cluster cluster;
    private final IntSupplier port;
    private final BackgroundCopy copy;
    private final Supervisor.Charge charge;

    /** Whether that was tried since the replica ended. */
    private boolean copiedAnew;

    /** Whether it has just been led to another primary, whose log it may not be able to take. */
    private boolean joining;

    /** What a replica has to know of the others. */
    interface Cluster {
        /** The server that takes writes: the primary, or the replica that was promoted. */
        PostgresServer leader();

        PostgresEndpoint leaderEndpoint();

        boolean closed();
    }

    Follower(Site site, Replica replica, Cluster cluster, IntSupplier port, ReentrantLock operation) {
        this.site = site;
        this.replica = replica;
        this.cluster = cluster;
        this.port = port;
        this.copy = new BackgroundCopy(operation, site.progress());
        this.charge = new Supervisor.Charge(replica.server(), replica.name(), this::startDead);
    }

    Replica replica() {
        return replica;
    }

    Supervisor.Charge charge() {
        return charge;
    }

    PostgresEndpoint endpoint() {
        return site.endpoint(port.getAsInt());
    }

    private boolean leads() {
        return cluster.leader() == replica.server();
    }

    /** Without waiting for it. */
    void launch() throws IOException {
        joining = false;
        replica.launch(port.getAsInt(), cluster.leaderEndpoint());
    }

    /** Why the directory cannot be started on as it is; empty when it can be tried. */
    Optional<String> unfit() {
        return replica.unfit(cluster.leader().directory());
    }

    private Supervisor.Outcome startDead(int tries) throws IOException {
        if (copy.underWay()) {
            return Supervisor.Outcome.BUSY;
        }
        if (tries == 0) {
            copiedAnew = false;
        }
        if (tries >= REPLICA_TRIES
                && !copiedAnew
                && !leads()
                && !replica.server().foundPortTaken()
                && cluster.leader().accepting()) {
            copiedAnew = true;
            copyBeside("it does not start");
            return Supervisor.Outcome.BUSY;
        }
        launch();
        return Supervisor.Outcome.TRIED;
    }

    /** The operations go on meanwhile. */
    private void copyBeside(String reason) {
        PostgresServer copied = cluster.leader();
        PostgresEndpoint source = cluster.leaderEndpoint();
        copy.begin(
                givenUp -> replica.copy(
                        copied.directory(), source, reason, () -> cluster.closed() || givenUp.getAsBoolean()),
                () -> {
                    // A copy of a server that does not lead any more would follow nobody.
                    if (!cluster.closed() && cluster.leader() == copied && copied != replica.server()) {
                        replica.publishCopy();
                        launch();
                    }
                });
    }

    /** Waits for a launched replica; copies it anew when it is unfit or cannot follow. */
    void follow(Optional<String> unfit) throws IOException, SQLException, InterruptedException {
        PostgresEndpoint leader = cluster.leaderEndpoint();
        Optional<String> reason = unfit;
        if (reason.isEmpty() && replica.slotLost(leader)) {
            reason = Optional.of("the primary no longer keeps the log it needs");
        }
        if (reason.isEmpty()) {
            reason = replica.awaitStreaming(leader);
        }
        if (reason.isEmpty()) {
            return;
        }
        replica.copy(cluster.leader().directory(), leader, reason.get(), cluster::closed);
        replica.publishCopy();
        if (cluster.closed()) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL in " + site.layout().root() + " was closed. Start it again to use it.");
        }
        launch();
        Optional<String> failure = replica.awaitStreaming(leader);
        if (failure.isPresent()) {
            throw new EmbeddedPostgresException(
                    "The replica in " + replica.server().directory()
                            + " does not follow the primary, although it was copied just now: " + failure.get()
                            + ". " + replica.server().log().tail());
        }
    }

    /** Leads it to the primary of now, without a restart; what it then cannot take, {@link #look} finds. */
    void lead() throws IOException, SQLException {
        replica.provideSlot(cluster.leaderEndpoint());
        replica.configure(port.getAsInt(), cluster.leaderEndpoint());
        if (replica.server().running()) {
            joining = true;
            replica.server().reload();
        }
    }

    /** Copies it anew when it cannot follow the primary that it was led to. */
    void look() {
        if (joining && replica.server().running()) {
            Optional<String> hopeless = replica.hopeless();
            if (hopeless.isPresent()) {
                if (!copy.underWay() && cluster.leader().accepting()) {
                    joining = false;
                    copyBeside(hopeless.get());
                }
            } else if (replica.streamsFrom(cluster.leaderEndpoint())) {
                joining = false;
            }
        }
    }

    void giveUpCopy() throws InterruptedException {
        copy.giveUp();
        copy.await();
    }

    /** Without waiting for its end, nor for the lock. */
    void tellToGiveUp() {
        copy.giveUp();
    }

    void stop() {
        replica.stop(endpoint());
    }
}
