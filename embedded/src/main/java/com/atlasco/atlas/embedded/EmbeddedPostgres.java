package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A PostgreSQL primary and one streaming replica of it, as processes on this machine, listening on 127.0.0.1 only.
 * Everything is durable: fsync is on, and what was committed survives the death of this process, of the servers and of
 * the machine.
 *
 * <p>A server that ends by itself is started again, for as long as this object is open.
 *
 * <p>The servers live in sessions of their own: a Ctrl-C does not reach them, nor does the death of this process. The
 * owner calls {@link #close()}, from a shutdown hook too; servers that were left behind are found and stopped by the
 * next start on the same directory.
 *
 * <p>Safe for use by several threads; operations run one after another.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    static final String HOST = "127.0.0.1";
    static final String DATABASE = "atlas";
    static final String SUPERUSER = "atlas";

    private static final int PORT_ATTEMPTS = 3;
    private static final int REPLICA_TRIES = 3;

    private final Site site;
    private final Primary primary;
    private final Replica replica;
    private final Succession succession;
    private final BackgroundCopy copy;
    private final boolean withReplica;
    private final ReentrantLock operation = new ReentrantLock();
    private final Supervisor.Charge primaryCharge;
    private final Supervisor.Charge replicaCharge;
    private volatile Optional<Supervisor> supervisor = Optional.empty();
    private volatile Ports ports = new Ports(0, 0);
    private volatile boolean closed;
    private boolean stopped;
    /** Whether that was tried since the replica ended; guarded by the lock of the operations. */
    private boolean copiedAnew;

    private Optional<DataDirectoryLock> ownedLock = Optional.empty();

    private EmbeddedPostgres(Site site, boolean withReplica) {
        this.site = site;
        this.primary = new Primary(site);
        this.replica = new Replica(site);
        this.succession = new Succession(site, primary, replica);
        this.copy = new BackgroundCopy(operation, site.progress());
        this.primaryCharge = new Supervisor.Charge(primary.server(), "primary", this::startDeadPrimary);
        this.replicaCharge = new Supervisor.Charge(replica.server(), "replica", this::startDeadReplica);
        this.withReplica = withReplica;
    }

    /**
     * Starts both servers, or the primary alone where the options say so, and returns when the primary accepts connections and the replica streams. Creates what is not
     * there, recovers what crashed, stops servers left by an earlier process, and copies the replica anew when it can
     * no longer follow.
     *
     * @throws EmbeddedPostgresException when the directory is in use, or a server cannot be started; the message says
     *     what to do and ends with the server's log
     */
    public static EmbeddedPostgres start(EmbeddedOptions options) {
        DataDirectoryLock lock = DataDirectoryLock.acquire(options.dataDirectory());
        try {
            EmbeddedPostgres postgres = start(options, lock);
            postgres.ownedLock = Optional.of(lock);
            return postgres;
        } catch (RuntimeException | Error exception) {
            lock.close();
            throw exception;
        }
    }

    /** As {@link #start(EmbeddedOptions)}, under a lock on the same directory that the caller keeps and closes. */
    public static EmbeddedPostgres start(EmbeddedOptions options, DataDirectoryLock held) {
        if (!held.guards(options.dataDirectory())) {
            throw new EmbeddedPostgresException("The lock held is not the one of " + options.dataDirectory()
                    + ". Acquire it for the directory that is started.");
        }
        try {
            return start(options, confinements(options.dataDirectory()));
        } catch (IOException exception) {
            throw failed(options.dataDirectory(), exception);
        }
    }

    /** The caller holds the lock. */
    static EmbeddedPostgres start(EmbeddedOptions options, List<Confinement> confinements) {
        DataLayout layout = new DataLayout(options.dataDirectory());
        try {
            ServerSettings settings = new ServerSettings(
                    Memory.ofThisMachine(),
                    Disk.under(options.dataDirectory()),
                    options.extraSettings(),
                    options.synchronousReplication());
            FileTree.createPrivateDirectories(layout.logs());
            Installation installation = Installation.find(
                    layout,
                    confinements,
                    Binaries.forThisMachine(InstantSource.system()),
                    Binaries.defaultCache(System.getenv(), Path.of(System.getProperty("user.home"))),
                    options.progress());
            Site site = new Site(
                    layout,
                    installation,
                    settings,
                    Password.readOrCreate(layout),
                    new Poll(System::nanoTime),
                    options.progress());
            EmbeddedPostgres postgres = new EmbeddedPostgres(site, options.replica());
            postgres.startGuarded();
            return postgres;
        } catch (IOException exception) {
            throw failed(layout.root(), exception);
        }
    }

    private static List<Confinement> confinements(Path dataDirectory) throws IOException {
        return Confinement.candidates(
                UserAccount.currentUserId(), UserAccount.ofThisMachine(), UserAccount.ownerOf(dataDirectory));
    }

    private static EmbeddedPostgresException failed(Path dataDirectory, Exception cause) {
        return new EmbeddedPostgresException(
                "PostgreSQL cannot be started in " + dataDirectory + ": " + cause
                        + ". Check that this user may write there and that the disk is not full.",
                cause);
    }

    /** Until the caller has this object, nobody else could stop the servers when the process is told to end. */
    private void startGuarded() throws IOException {
        Thread guard = new Thread(this::close, "atlas-embedded-start-guard");
        Runtime.getRuntime().addShutdownHook(guard);
        boolean started = false;
        try {
            stopLeftovers();
            succession.takeOver();
            startServers();
            supervisor = Optional.of(new Supervisor(
                    withReplica ? List.of(primaryCharge, replicaCharge) : List.of(primaryCharge),
                    withReplica ? this::fencePrimary : () -> {},
                    operation,
                    site.poll().ticker(),
                    site.progress()));
            started = true;
        } catch (SQLException exception) {
            throw failed(site.layout().root(), exception);
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            throw failed(site.layout().root(), exception);
        } finally {
            removeHook(guard);
            if (!started) {
                stopServers();
            }
        }
    }

    private static void removeHook(Thread guard) {
        try {
            Runtime.getRuntime().removeShutdownHook(guard);
        } catch (IllegalStateException exception) {
            // The process is ending: the guard is at work.
        }
    }

    private void stopLeftovers() throws IOException {
        if (primary.server().running() || replica.server().running()) {
            site.progress().accept("Stopping the servers that an earlier process left running");
            ports = Ports.remembered(site.layout().ports()).orElse(ports);
            stopServers();
        }
    }

    /** For the supervisor, which holds the lock. */
    private Supervisor.Outcome startDeadPrimary(int tries) throws IOException {
        if (succession.promoted()) {
            site.progress()
                    .accept("The replica has been promoted: the old primary stays down, so that there is only one. The"
                            + " next start of Atlas makes it a replica");
            return Supervisor.Outcome.STAYS_DOWN;
        }
        primary.launch(ports.primary());
        return Supervisor.Outcome.TRIED;
    }

    /** For the supervisor, which holds the lock. */
    private Supervisor.Outcome startDeadReplica(int tries) throws IOException {
        if (copy.underWay()) {
            return Supervisor.Outcome.BUSY;
        }
        if (tries == 0) {
            copiedAnew = false;
        }
        if (tries >= REPLICA_TRIES
                && !copiedAnew
                && !replica.server().foundPortTaken()
                && primary.server().accepting()
                && !succession.promoted()) {
            copiedAnew = true;
            copyBeside("it does not start");
            return Supervisor.Outcome.BUSY;
        }
        replica.launch(ports.replica(), primary());
        return Supervisor.Outcome.TRIED;
    }

    /** The operations go on meanwhile; the caller holds the lock. */
    private void copyBeside(String reason) {
        copy.begin(
                givenUp -> replica.copy(
                        primary.server().directory(), primary(), reason, () -> closed || givenUp.getAsBoolean()),
                () -> {
                    if (!closed && !succession.promoted()) {
                        replica.publishCopy();
                        replica.launch(ports.replica(), primary());
                    }
                });
    }

    /** The caller holds the lock. */
    private void giveUpCopy() throws InterruptedException {
        copy.giveUp();
        copy.await();
    }

    /** For the supervisor, which holds the lock. */
    private void fencePrimary() {
        if (succession.fence()) {
            primaryCharge.wanted(false);
        }
    }

    private void startServers() throws IOException, SQLException, InterruptedException {
        if (!primary.exists()) {
            if (replica.holdsData()) {
                throw new EmbeddedPostgresException("The primary's directory "
                        + primary.server().directory() + " is missing, while the replica's is there. To go on from the"
                        + " replica's data, rename " + replica.server().directory()
                        + " to primary and delete standby.signal in it; to begin empty, delete it.");
            }
            primary.create();
        }
        for (int attempt = 1; ; attempt++) {
            ports = Ports.choose(site.layout().ports());
            try {
                startOnPorts();
                return;
            } catch (EmbeddedPostgresException exception) {
                boolean taken =
                        primary.server().foundPortTaken() || replica.server().foundPortTaken();
                if (!taken || attempt == PORT_ATTEMPTS) {
                    throw exception;
                }
                site.progress().accept("A port was taken by another program; choosing others");
                stopServers();
                Ports.forget(site.layout().ports());
            }
        }
    }

    private void startOnPorts() throws IOException, SQLException, InterruptedException {
        Optional<String> unfit = withReplica ? replica.unfit(primary.server().directory()) : Optional.empty();
        refuseWhenClosed();
        primary.launch(ports.primary());
        if (withReplica && unfit.isEmpty()) {
            // It looks for the primary again and again, so both can start at the same time.
            replica.launch(ports.replica(), primary());
        }
        primary.server().awaitReady();
        primary.prepare(primary(), withReplica);
        site.progress().accept("PostgreSQL primary on " + primary());
        if (!withReplica) {
            return;
        }
        follow(unfit);
        site.progress().accept("PostgreSQL replica on " + replica());
    }

    /** Waits for a launched replica; copies it anew when it is unfit or cannot follow. */
    private void follow(Optional<String> unfit) throws IOException, SQLException, InterruptedException {
        Optional<String> reason = unfit;
        if (reason.isEmpty() && replica.slotLost(primary())) {
            reason = Optional.of("the primary no longer keeps the log it needs");
        }
        if (reason.isEmpty()) {
            reason = replica.awaitStreaming(primary());
        }
        if (reason.isEmpty()) {
            return;
        }
        replica.copy(primary.server().directory(), primary(), reason.get(), () -> closed);
        replica.publishCopy();
        refuseWhenClosed();
        replica.launch(ports.replica(), primary());
        Optional<String> failure = replica.awaitStreaming(primary());
        if (failure.isPresent()) {
            throw new EmbeddedPostgresException(
                    "The replica in " + replica.server().directory()
                            + " does not follow the primary, although it was copied just now: " + failure.get()
                            + ". " + replica.server().log().tail());
        }
    }

    private void refuseWhenClosed() {
        if (closed) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL in " + site.layout().root() + " was closed. Start it again to use it.");
        }
    }

    /** Where writes and the freshest reads go. */
    public PostgresEndpoint primary() {
        return site.endpoint(ports.primary());
    }

    /** Where reads go that may be a little behind; writes are refused there. Nobody answers when there is no replica. */
    public PostgresEndpoint replica() {
        return site.endpoint(ports.replica());
    }

    /** Stops the replica; the primary keeps its log for it, up to max_slot_wal_keep_size. */
    public void stopReplica() {
        exclusively(() -> {
            replicaCharge.wanted(false);
            giveUpCopy();
            replica.stop(replica());
        });
    }

    /**
     * Starts the replica and returns when it streams; copies it anew when it can no longer follow. One that was promoted is
     * started as the primary that it is, and never copied. Does nothing when it runs.
     *
     * @throws EmbeddedPostgresException when the primary does not run or the replica cannot be started
     */
    public void startReplica() {
        exclusively(() -> {
            refuseWhenClosed();
            if (!withReplica) {
                throw new EmbeddedPostgresException("PostgreSQL in "
                        + site.layout().root() + " was started without a replica. Start it again with one.");
            }
            replicaCharge.wanted(true);
            if (replica.server().running()) {
                return;
            }
            giveUpCopy();
            if (succession.promoted()) {
                fencePrimary();
                replica.launch(ports.replica(), primary());
                replica.server().awaitReady();
                return;
            }
            Optional<String> unfit = replica.unfit(primary.server().directory());
            if (unfit.isEmpty()) {
                replica.launch(ports.replica(), primary());
            }
            follow(unfit);
        });
    }

    /** Ends the primary as a crash would: without a checkpoint and without a word to its clients. */
    public void killPrimary() {
        exclusively(() -> {
            primaryCharge.wanted(false);
            primary.server().kill();
        });
    }

    /**
     * Fails over: ends the primary if it still runs, and makes the replica the primary; returns when it takes writes,
     * where {@link #replica()} says. The old primary stays down; the next start on this directory makes it a replica of
     * the new one. Without synchronous replication the last writes may be lost.
     *
     * @throws EmbeddedPostgresException when the replica cannot take over; a primary that runs is left alone when that is
     *     known before, and started again when not
     */
    public void failOver() {
        exclusively(() -> {
            refuseWhenClosed();
            replica.requireStandby(replica());
            primaryCharge.wanted(false);
            try {
                primary.server().kill();
                replica.promote(replica());
            } catch (SQLException | RuntimeException failure) {
                // Should it have been promoted after all, the old primary is not started.
                primaryCharge.wanted(true);
                throw failure;
            }
        });
    }

    /**
     * Starts the primary where it was and returns when it has recovered and accepts connections; the replica comes back
     * to it by itself. Does nothing when it runs.
     *
     * @throws EmbeddedPostgresException when the replica was promoted meanwhile: there is one primary only
     */
    public void startPrimary() {
        exclusively(() -> {
            refuseWhenClosed();
            if (succession.promoted()) {
                throw new EmbeddedPostgresException("The replica in "
                        + replica.server().directory()
                        + " was promoted and is the primary now. Start Atlas again to make"
                        + " the old primary a replica of it.");
            }
            primaryCharge.wanted(true);
            if (!primary.server().running()) {
                primary.launch(ports.primary());
                primary.server().awaitReady();
            }
        });
    }

    /**
     * Stops both servers in order, the primary first: its last checkpoint reaches the replica, so that neither has
     * anything to recover at the next start. Usually well under a second; a server that is not done after 10 s is ended
     * at once, which loses nothing that was committed. A second call waits for the first and does nothing.
     */
    @Override
    public void close() {
        // Before the lock, so that a start in progress gives up.
        closed = true;
        copy.giveUp();
        supervisor.ifPresent(Supervisor::close);
        operation.lock();
        try {
            if (!stopped) {
                stopped = true;
                stopServers();
                copy.await();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            operation.unlock();
            ownedLock.ifPresent(DataDirectoryLock::close);
        }
    }

    private void stopServers() {
        primary.stop(primary());
        replica.stop(replica());
    }

    private interface Operation {
        void run() throws IOException, SQLException, InterruptedException;
    }

    private void exclusively(Operation action) {
        operation.lock();
        try {
            action.run();
        } catch (IOException | SQLException exception) {
            throw failed(site.layout().root(), exception);
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            throw failed(site.layout().root(), exception);
        } finally {
            operation.unlock();
        }
    }
}
