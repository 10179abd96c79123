package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.crash.AtlasUp;
import com.atlasco.atlas.bench.crash.SlotSabotage;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The faults there are, made for one set of servers. */
final class Faults {

    static final String IDLE = "idle";

    private static final String LOGICAL_SENDER =
            "SELECT active_pid FROM pg_replication_slots WHERE slot_type = 'logical' AND active";
    private static final String RECEIVER = "SELECT pid FROM pg_stat_wal_receiver";
    private static final String PROBE = "SELECT pid FROM pg_stat_activity WHERE application_name = 'atlas probe'";

    private final Servers servers;
    private final Stage stage;
    private final List<Long> stopped = new ArrayList<>();
    private final List<Connection> held = new ArrayList<>();

    Faults(Servers servers, Stage stage) {
        this.servers = servers;
        this.stage = stage;
    }

    List<Fault> all() {
        Repeating oscillation = new Repeating(
                () -> {
                    servers.run("replica", "SELECT pg_wal_replay_pause()");
                    TimeUnit.MILLISECONDS.sleep(1_100);
                    servers.run("replica", "SELECT pg_wal_replay_resume()");
                },
                500);
        Repeating receiverKiller =
                new Repeating(() -> AtlasUp.signal("-TERM", servers.processes("replica", RECEIVER)), 50);
        Repeating captureKiller = new Repeating(this::disconnectCapture, 50);
        return List.of(
                new Fault(IDLE, () -> stage.letWritersRest(true), () -> stage.letWritersRest(false), "", 0, true, true),
                delay("replay_delay_below_limit", 700),
                delay("replay_delay_above_limit", 1_500),
                new Fault(
                        "replay_paused",
                        () -> servers.run("replica", "SELECT pg_wal_replay_pause()"),
                        () -> servers.run("replica", "SELECT pg_wal_replay_resume()"),
                        "replica",
                        2_000,
                        true,
                        true),
                new Fault(
                        "lag_oscillates",
                        oscillation::start,
                        () -> {
                            oscillation.stop();
                            servers.run("replica", "SELECT pg_wal_replay_resume()");
                        },
                        "replica",
                        1_000,
                        true,
                        true),
                stop("walreceiver_stopped", "replica", RECEIVER, "replica", 2_000, true, true),
                new Fault(
                        "walreceiver_disconnected",
                        receiverKiller::start,
                        receiverKiller::stop,
                        "replica",
                        500,
                        true,
                        true),
                new Fault("replay_blocked_by_query", this::blockReplay, this::release, "replica", 2_000, true, true),
                new Fault("heartbeats_stopped", this::lockHeartbeats, this::release, "replica", 2_000, false, true),
                stop("probe_stopped", "replica", PROBE, "replica", 0, true, false),
                new Fault(
                        "replica_stopped",
                        () -> stopped.addAll(servers.atlas().stopReplica()),
                        this::goOn,
                        "replica",
                        2_000,
                        true,
                        false),
                stop("capture_stopped", "primary", LOGICAL_SENDER, "olap", 2_000, true, true),
                new Fault("capture_disconnected", captureKiller::start, captureKiller::stop, "olap", 1_000, true, true),
                new Fault(
                        "replica_killed",
                        () -> servers.atlas().killServer("replica"),
                        () -> {},
                        "replica",
                        300,
                        true,
                        false),
                new Fault(
                        "primary_killed",
                        () -> servers.atlas().killServer("primary"),
                        () -> {},
                        "primary",
                        0,
                        false,
                        true),
                new Fault("node_killed", () -> servers.atlas().kill(), servers::launch, "primary", 0, false, false),
                sabotage("slot_lost", SlotSabotage::lose),
                sabotage("slot_dropped", SlotSabotage::drop));
    }

    private Fault delay(String name, long millis) {
        return new Fault(
                name,
                () -> servers.run(
                        "replica",
                        "ALTER SYSTEM SET recovery_min_apply_delay = '" + millis + "ms'",
                        "SELECT pg_reload_conf()"),
                () -> servers.run("replica", "ALTER SYSTEM RESET recovery_min_apply_delay", "SELECT pg_reload_conf()"),
                "replica",
                millis,
                true,
                true);
    }

    private Fault stop(
            String name,
            String role,
            String query,
            String source,
            long leastMillis,
            boolean primaryServes,
            boolean replicaServes) {
        return new Fault(
                name,
                () -> {
                    stopped.addAll(servers.processes(role, query));
                    AtlasUp.signal("-STOP", stopped);
                },
                this::goOn,
                source,
                leastMillis,
                primaryServes,
                replicaServes);
    }

    private void goOn() throws Exception {
        AtlasUp.signal("-CONT", stopped);
        stopped.clear();
    }

    /** Its connection is the superuser's, whom the operator may not disconnect. */
    private void disconnectCapture() throws Exception {
        try (Connection connection = servers.superuser("primary");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM (" + LOGICAL_SENDER + ") s (pid)");
        }
    }

    /** A query on the replica that looks at a table which the primary drops: replay waits for it. */
    private void blockReplay() throws Exception {
        try (Connection primary = servers.superuser("primary");
                Statement statement = primary.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS bench_blocking (x int)");
            TimeUnit.MILLISECONDS.sleep(500);
            Connection reader = servers.superuser("replica");
            held.add(reader);
            reader.setAutoCommit(false);
            try (Statement look = reader.createStatement()) {
                look.execute("SELECT * FROM bench_blocking");
            }
            statement.execute("DROP TABLE bench_blocking");
        }
    }

    /** Who writes a heartbeat waits. */
    private void lockHeartbeats() throws Exception {
        Connection connection = servers.superuser("primary");
        held.add(connection);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE heartbeat IN SHARE ROW EXCLUSIVE MODE");
        }
    }

    private void release() throws Exception {
        for (Connection connection : held) {
            connection.close();
        }
        held.clear();
    }

    private interface Sabotage {
        void against(SlotSabotage slot) throws Exception;
    }

    /** While no node runs: it finds out at its start, and fills the columnar store anew. */
    private Fault sabotage(String name, Sabotage sabotage) {
        return new Fault(
                name,
                () -> {
                    SlotSabotage slot = new SlotSabotage(servers.access());
                    servers.atlas().kill();
                    sabotage.against(slot);
                    servers.launch();
                },
                () -> {},
                "olap",
                Fault.BITES_BY_ITSELF,
                true,
                false);
    }
}
