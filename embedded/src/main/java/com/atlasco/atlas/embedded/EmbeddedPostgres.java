package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A PostgreSQL primary and its streaming replicas, as processes on this machine, listening on 127.0.0.1 only.
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

    private final Site site;
    private final Primary primary;
    /** Those in use, and those that an earlier start may have left. */
    private final List<Replica> replicas;

    private final List<Follower> followers;
    private final Succession succession;
    private final ReentrantLock operation = new ReentrantLock();
    private final Supervisor.Charge primaryCharge;
    private volatile Optional<Supervisor> supervisor = Optional.empty();
    private volatile Ports ports = Ports.NONE;
    private volatile boolean closed;
    private boolean stopped;
    /** Whom the replicas follow; guarded by the lock of the operations. */
    private PostgresServer followed;

    private Optional<DataDirectoryLock> ownedLock = Optional.empty();

    private EmbeddedPostgres(Site site, int replicas) {
        this.site = site;
        this.primary = new Primary(site);
        this.followed = primary.server();
        this.replicas = IntStream.rangeClosed(1, EmbeddedOptions.MOST_REPLICAS)
                .mapToObj(number -> new Replica(site, number))
                .toList();
        this.succession = new Succession(site, primary, this.replicas);
        Follower.Cluster cluster = new Follower.Cluster() {
            @Override
            public PostgresServer leader() {
                return EmbeddedPostgres.this.leader();
            }

            @Override
            public PostgresEndpoint leaderEndpoint() {
                return EmbeddedPostgres.this.writable();
            }

            @Override
            public boolean closed() {
                return closed;
            }
        };
        this.followers = IntStream.rangeClosed(1, replicas)
                .mapToObj(number -> new Follower(
                        site, this.replicas.get(number - 1), cluster, () -> ports.replica(number), operation))
                .toList();
        this.primaryCharge = new Supervisor.Charge(primary.server(), "primary", this::startDeadPrimary);
    }

    /** The server that takes writes. */
    private PostgresServer leader() {
        return succession.promoted().map(Replica::server).orElse(primary.server());
    }

    /**
     * Starts the primary and as many replicas as the options say, and returns when the primary accepts connections and the
     * replicas stream. Creates what is not there, recovers what crashed, stops servers left by an earlier process, and
     * copies a replica anew when it can no longer follow.
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
                    options.synchronousReplication(),
                    options.replicas());
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
            EmbeddedPostgres postgres = new EmbeddedPostgres(site, options.replicas());
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
                    Stream.concat(Stream.of(primaryCharge), followers.stream().map(Follower::charge))
                            .toList(),
                    followers.isEmpty() ? () -> {} : this::watchSuccession,
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
        if (primary.server().running()
                || replicas.stream().anyMatch(replica -> replica.server().running())) {
            site.progress().accept("Stopping the servers that an earlier process left running");
            ports = Ports.remembered(site.layout().ports()).orElse(ports);
            stopServers();
        }
    }

    /** For the supervisor, which holds the lock. */
    private Supervisor.Outcome startDeadPrimary(int tries) throws IOException {
        if (succession.promoted().isPresent()) {
            site.progress()
                    .accept("A replica has been promoted: the old primary stays down, so that there is only one. The"
                            + " next start of Atlas makes it a replica");
            return Supervisor.Outcome.STAYS_DOWN;
        }
        primary.launch(ports.primary());
        return Supervisor.Outcome.TRIED;
    }

    /** The caller holds the lock. */
    private void fencePrimary() {
        if (succession.fence()) {
            primaryCharge.wanted(false);
        }
    }

    /** For the supervisor, which holds the lock. */
    private void watchSuccession() {
        fencePrimary();
        try {
            followLeader();
        } catch (IOException | SQLException exception) {
            // The one that was promoted does not take writes yet: the next look tries again.
            throw failed(site.layout().root(), exception);
        }
        followers.forEach(Follower::look);
    }

    /** Leads the replicas to the server that was promoted, once; the caller holds the lock. */
    private void followLeader() throws IOException, SQLException {
        PostgresServer leader = leader();
        if (leader == followed || !leader.accepting()) {
            return;
        }
        for (Follower follower : followers) {
            if (follower.replica().server() != leader) {
                follower.lead();
            }
        }
        followed = leader;
    }

    private void startServers() throws IOException, SQLException, InterruptedException {
        if (!primary.exists()) {
            Optional<Replica> left =
                    replicas.stream().filter(Replica::holdsData).findFirst();
            if (left.isPresent()) {
                Path directory = left.get().server().directory();
                throw new EmbeddedPostgresException("The primary's directory "
                        + primary.server().directory() + " is missing, while the replica's is there. To go on from the"
                        + " replica's data, rename " + directory
                        + " to primary and delete standby.signal in it; to begin empty, delete it.");
            }
            primary.create();
        }
        for (int attempt = 1; ; attempt++) {
            ports = Ports.choose(site.layout().ports(), followers.size());
            try {
                startOnPorts();
                return;
            } catch (EmbeddedPostgresException exception) {
                boolean taken = primary.server().foundPortTaken()
                        || followers.stream()
                                .anyMatch(
                                        follower -> follower.replica().server().foundPortTaken());
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
        Map<Follower, Optional<String>> unfit = new LinkedHashMap<>();
        followers.forEach(follower -> unfit.put(follower, follower.unfit()));
        refuseWhenClosed();
        primary.launch(ports.primary());
        for (Follower follower : followers) {
            if (Objects.requireNonNull(unfit.get(follower)).isEmpty()) {
                // It looks for the primary again and again, so all can start at the same time.
                follower.launch();
            }
        }
        primary.server().awaitReady();
        primary.prepare(primary(), followers.stream().map(Follower::replica).toList());
        site.progress().accept("PostgreSQL primary on " + primary());
        for (Follower follower : followers) {
            follower.follow(Objects.requireNonNull(unfit.get(follower)));
            site.progress().accept("PostgreSQL " + follower.replica().name() + " on " + follower.endpoint());
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

    /** Where the first of {@link #replicas()} is; nobody answers when there is none. */
    public PostgresEndpoint replica() {
        return site.endpoint(ports.replica(1));
    }

    /**
     * Where reads go that may be a little behind; writes are refused there, but for one that was promoted. In the order of
     * their names: replica, replica-2 …
     */
    public List<PostgresEndpoint> replicas() {
        return followers.stream().map(Follower::endpoint).toList();
    }

    /** Where writes go now: to the primary, or to the replica that was promoted. */
    public PostgresEndpoint writable() {
        return succession
                .promoted()
                .flatMap(promoted -> followers.stream()
                        .filter(follower -> follower.replica() == promoted)
                        .findFirst())
                .map(Follower::endpoint)
                .orElseGet(this::primary);
    }

    /** As {@link #stopReplica(int)}, of the first. */
    public void stopReplica() {
        stopReplica(1);
    }

    /**
     * Stops a replica; the primary keeps its log for it, up to max_slot_wal_keep_size.
     *
     * @param number from 1
     */
    public void stopReplica(int number) {
        exclusively(() -> {
            Follower follower = follower(number);
            follower.charge().wanted(false);
            follower.giveUpCopy();
            follower.stop();
        });
    }

    /** As {@link #startReplica(int)}, of the first. */
    public void startReplica() {
        startReplica(1);
    }

    /**
     * Starts a replica and returns when it streams; copies it anew when it can no longer follow. One that was promoted is
     * started as the primary that it is, and never copied. Does nothing when it runs.
     *
     * @param number from 1
     * @throws EmbeddedPostgresException when the primary does not run or the replica cannot be started
     */
    public void startReplica(int number) {
        exclusively(() -> {
            refuseWhenClosed();
            Follower follower = follower(number);
            follower.charge().wanted(true);
            if (follower.replica().server().running()) {
                return;
            }
            follower.giveUpCopy();
            if (leader() == follower.replica().server()) {
                fencePrimary();
                follower.launch();
                follower.replica().server().awaitReady();
                return;
            }
            Optional<String> unfit = follower.unfit();
            if (unfit.isEmpty()) {
                follower.launch();
            }
            follower.follow(unfit);
        });
    }

    private Follower follower(int number) {
        if (number < 1 || number > followers.size()) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL in " + site.layout().root() + " was started with " + followers.size()
                            + " replicas, and number " + number + " is none of them. Start it again with more.");
        }
        return followers.get(number - 1);
    }

    /** Ends the primary as a crash would: without a checkpoint and without a word to its clients. */
    public void killPrimary() {
        exclusively(() -> {
            primaryCharge.wanted(false);
            primary.server().kill();
        });
    }

    /**
     * Fails over: ends the primary if it still runs, and makes the replica that has received most of its log the primary;
     * returns when it takes writes, where {@link #writable()} says, and the others were told to follow it. The old primary
     * stays down; the next start on this directory makes it a replica of the new one. Without synchronous replication the
     * last writes may be lost.
     *
     * @throws EmbeddedPostgresException when no replica can take over, or one has since the start; a primary that runs is left
     *     alone when that is known before, and started again when not
     */
    public void failOver() {
        exclusively(() -> {
            refuseWhenClosed();
            if (succession.promoted().isPresent()) {
                throw new EmbeddedPostgresException("A replica has taken over already, and there is one primary only."
                        + " Start again, which makes its data the primary's, before the next failover.");
            }
            mostAdvanced();
            primaryCharge.wanted(false);
            try {
                primary.server().kill();
                // Only now does nothing more arrive anywhere.
                Follower heir = mostAdvanced();
                heir.replica().promote(heir.endpoint());
                followLeader();
            } catch (SQLException | RuntimeException failure) {
                // Should it have been promoted after all, the old primary is not started.
                primaryCharge.wanted(true);
                throw failure;
            }
        });
    }

    private Follower mostAdvanced() {
        Optional<Follower> most = Optional.empty();
        long received = -1;
        Optional<EmbeddedPostgresException> refusal = Optional.empty();
        for (Follower follower : followers) {
            try {
                long here = follower.replica().receivedAsStandby(follower.endpoint());
                if (here > received) {
                    received = here;
                    most = Optional.of(follower);
                }
            } catch (EmbeddedPostgresException away) {
                refusal = refusal.or(() -> Optional.of(away));
            }
        }
        if (most.isEmpty()) {
            throw refusal.orElseGet(() -> new EmbeddedPostgresException(
                    "There is no replica that could take over. Start with one; nothing was changed."));
        }
        return most.get();
    }

    /**
     * Starts the primary where it was and returns when it has recovered and accepts connections; replicas come back
     * to it by themselves. Does nothing when it runs.
     *
     * @throws EmbeddedPostgresException when a replica was promoted meanwhile: there is one primary only
     */
    public void startPrimary() {
        exclusively(() -> {
            refuseWhenClosed();
            Optional<Replica> promoted = succession.promoted();
            if (promoted.isPresent()) {
                throw new EmbeddedPostgresException("The replica in "
                        + promoted.get().server().directory()
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
     * Stops the servers in order, the primary first: its last checkpoint reaches the replicas, so that none has
     * anything to recover at the next start. Usually well under a second; a server that is not done after 10 s is ended
     * at once, which loses nothing that was committed. A second call waits for the first and does nothing.
     */
    @Override
    public void close() {
        // Before the lock, so that a start in progress gives up.
        closed = true;
        followers.forEach(Follower::tellToGiveUp);
        supervisor.ifPresent(Supervisor::close);
        operation.lock();
        try {
            if (!stopped) {
                stopped = true;
                stopServers();
                for (Follower follower : followers) {
                    follower.giveUpCopy();
                }
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
        Optional<Replica> promoted = succession.promoted();
        // The others follow it, as they would the primary.
        promoted.ifPresent(this::stop);
        replicas.stream()
                .filter(replica -> promoted.filter(replica::equals).isEmpty())
                .forEach(this::stop);
    }

    private void stop(Replica replica) {
        replica.stop(site.endpoint(ports.replica(1 + replicas.indexOf(replica))));
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
