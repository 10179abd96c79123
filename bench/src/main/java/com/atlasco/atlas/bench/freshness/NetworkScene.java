package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.network.Conditions;
import com.atlasco.atlas.bench.network.Line;
import com.atlasco.atlas.bench.network.Relay;
import com.atlasco.atlas.bench.network.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The network fails: between primary and replica, and between the node and either. The node's connections go through a
 * relay from its start; the replica's receiver is led over another one as long as a fault lasts.
 */
final class NetworkScene implements Scene {

    private static final Duration DELAY = Duration.ofMillis(300);
    private static final Duration JITTER = Duration.ofMillis(100);
    private static final Duration LONGEST_STALL = Duration.ofMillis(800);
    private static final long CONNECTED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** Below what the log of the counters takes. */
    private static final long NARROW = 2_000;

    private final Map<Integer, Line> lines = new ConcurrentHashMap<>();
    private final Line replication = new Line();
    private final Relay proxy;
    private Optional<Relay> replicationRelay = Optional.empty();

    NetworkScene() throws IOException {
        proxy = Relay.socks(this::line);
    }

    private Line line(int port) {
        return lines.computeIfAbsent(port, absent -> new Line());
    }

    @Override
    public String name() {
        return "network";
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "ATLAS_JAVA_OPTS",
                Optional.ofNullable(System.getenv("ATLAS_JAVA_OPTS")).orElse("")
                        + " -DsocksProxyHost=127.0.0.1 -DsocksNonProxyHosts= -DsocksProxyPort=" + proxy.port());
    }

    @Override
    public List<Fault> faults(Servers servers, Stage stage) {
        Conditions late = Conditions.delayed(DELAY, JITTER);
        Repeating resets = new Repeating(replication::reset, 300);
        Repeating resetsToReplica = new Repeating(() -> line(servers, "replica").reset(), 300);
        Way log = replication.toClient();
        Way confirmations = replication.toServer();
        return List.of(
                replication(servers, "replication_delayed", () -> replication.become(late), 300),
                replication(
                        servers,
                        "replication_lossy",
                        () -> replication.become(Conditions.lossy(0.2, LONGEST_STALL)),
                        300),
                replication(servers, "replication_throttled", () -> log.become(Conditions.throttled(NARROW)), 1_000),
                replication(servers, "replication_log_cut", () -> log.become(Conditions.HELD), 2_000),
                new Fault(
                        "replication_confirmations_cut",
                        () -> {
                            lead(servers);
                            confirmations.become(Conditions.HELD);
                        },
                        () -> leadBack(servers),
                        "",
                        0,
                        true,
                        true,
                        Optional.of(() -> confirmations.underWay() > 0)),
                replication(servers, "replication_cut", () -> replication.become(Conditions.HELD), 2_000),
                new Fault(
                        "replication_reset",
                        () -> {
                            lead(servers);
                            resets.start();
                        },
                        () -> {
                            resets.stop();
                            leadBack(servers);
                        },
                        "replica",
                        300,
                        true,
                        true),
                toServer(servers, "replica_line_delayed", "replica", late, late, 300, true, true),
                toServer(
                        servers,
                        "replica_line_lossy",
                        "replica",
                        Conditions.lossy(0.2, LONGEST_STALL),
                        Conditions.lossy(0.2, LONGEST_STALL),
                        300,
                        true,
                        true),
                toServer(
                        servers,
                        "replica_answers_cut",
                        "replica",
                        Conditions.PERFECT,
                        Conditions.HELD,
                        1_000,
                        true,
                        false),
                toServer(servers, "replica_line_cut", "replica", Conditions.HELD, Conditions.HELD, 1_000, true, false),
                new Fault(
                        "replica_line_reset",
                        resetsToReplica::start,
                        resetsToReplica::stop,
                        "replica",
                        200,
                        true,
                        false),
                toServer(servers, "primary_line_delayed", "primary", late, late, 300, true, true),
                toServer(
                        servers,
                        "primary_answers_cut",
                        "primary",
                        Conditions.PERFECT,
                        Conditions.HELD,
                        1_000,
                        false,
                        true),
                toServer(servers, "primary_line_cut", "primary", Conditions.HELD, Conditions.HELD, 1_000, false, true));
    }

    /** Something about the line between primary and replica. */
    private Fault replication(Servers servers, String name, Fault.Step begin, long leastMillis) {
        return new Fault(
                name,
                () -> {
                    lead(servers);
                    begin.run();
                },
                () -> leadBack(servers),
                "replica",
                leastMillis,
                true,
                true);
    }

    /** Something about the line between the node and a server; the bound of the replica tells of both. */
    private Fault toServer(
            Servers servers,
            String name,
            String role,
            Conditions statements,
            Conditions answers,
            long leastMillis,
            boolean primaryServes,
            boolean replicaServes) {
        return new Fault(
                name,
                () -> {
                    Line line = line(servers, role);
                    if (line.connections() == 0) {
                        throw new IllegalStateException("the node's connections do not go through the relay");
                    }
                    line.toServer().become(statements);
                    line.toClient().become(answers);
                },
                () -> line(servers, role).become(Conditions.PERFECT),
                "replica",
                leastMillis,
                primaryServes,
                replicaServes);
    }

    private Line line(Servers servers, String role) {
        return line(servers.port(role));
    }

    /** Leads the receiver over the relay, and returns when the log comes that way. */
    private void lead(Servers servers) throws Exception {
        Relay relay =
                Relay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), servers.port("primary")), replication);
        replicationRelay = Optional.of(relay);
        servers.receiveFrom(relay.port());
        long before = replication.toClient().arrived();
        long begun = System.nanoTime();
        while (replication.toClient().arrived() == before) {
            if (System.nanoTime() - begun > CONNECTED_WITHIN_NANOS) {
                throw new IllegalStateException("the receiver does not come over the relay");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void leadBack(Servers servers) throws Exception {
        replication.become(Conditions.PERFECT);
        servers.receiveFromPrimary();
        closeRelay();
        // The receiver has been told to connect anew; this one would be in its way, the slot being in use.
        replication.reset();
    }

    private void closeRelay() {
        replicationRelay.ifPresent(relay -> {
            try {
                relay.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        replicationRelay = Optional.empty();
    }

    @Override
    public void close() throws IOException {
        // What is held would never end.
        replication.become(Conditions.PERFECT);
        lines.values().forEach(line -> line.become(Conditions.PERFECT));
        closeRelay();
        proxy.close();
    }
}
