package com.atlasco.atlas.server;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.freshness.HeartbeatLog;
import com.atlasco.atlas.freshness.HeartbeatSettings;
import com.atlasco.atlas.freshness.HeartbeatWriter;
import com.atlasco.atlas.freshness.MonitorSettings;
import com.atlasco.atlas.freshness.MonitoredSource;
import com.atlasco.atlas.freshness.Observation;
import com.atlasco.atlas.freshness.PrimaryMonitor;
import com.atlasco.atlas.freshness.ProgressSignal;
import com.atlasco.atlas.freshness.Router;
import com.atlasco.atlas.freshness.RouterSettings;
import com.atlasco.atlas.freshness.RoutingObserver;
import com.atlasco.atlas.freshness.SourceMonitor;
import com.atlasco.atlas.freshness.SourceStatus;
import com.atlasco.atlas.freshness.cache.EntityCache;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import com.atlasco.atlas.postgres.HeartbeatReader;
import com.atlasco.atlas.postgres.HeartbeatTable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/** The heartbeats of this node, and what watches them arrive. Thread-safe. */
final class SourceMonitors implements AutoCloseable {

    private final HeartbeatLog log;
    private final HeartbeatWriter writer;
    private final PrimaryMonitor primary;
    private final List<SourceMonitor> replicas;
    private final Optional<SourceMonitor> olap;
    private final Router router;
    private final ProgressSignal signal;

    private SourceMonitors(
            HeartbeatLog log,
            ProgressSignal signal,
            HeartbeatWriter writer,
            PrimaryMonitor primary,
            List<SourceMonitor> replicas,
            Optional<SourceMonitor> olap,
            Router router) {
        this.log = log;
        this.signal = signal;
        this.writer = writer;
        this.primary = primary;
        this.replicas = replicas;
        this.olap = olap;
        this.router = router;
    }

    /** {@code replicaReaders} by the names of the replicas, in their order. */
    static SourceMonitors start(
            HeartbeatTable heartbeats,
            Map<String, HeartbeatReader> replicaReaders,
            Optional<? extends AnalyticsStore> analytics,
            RoutingObserver observer,
            LongSupplier ticker,
            InstantSource clock) {
        HeartbeatSettings settings = HeartbeatSettings.defaults();
        HeartbeatLog log = new HeartbeatLog(UUID.randomUUID().toString(), settings.remembered());
        ProgressSignal signal = new ProgressSignal();
        PrimaryMonitor primary = new PrimaryMonitor(settings, ticker, clock, signal);
        HeartbeatWriter writer = new HeartbeatWriter(settings, heartbeats::write, log, primary, ticker);
        List<SourceMonitor> replicas = replicaReaders.entrySet().stream()
                .map(replica -> new SourceMonitor(
                        Source.REPLICA,
                        replica.getKey(),
                        () -> observe(replica.getValue(), log.nodeId()),
                        log,
                        MonitorSettings.forReplica(),
                        ticker,
                        clock,
                        signal))
                .toList();
        Optional<SourceMonitor> olap = analytics.map(store -> new SourceMonitor(
                Source.OLAP,
                Source.OLAP.wireName(),
                () -> observe(store, log.nodeId()),
                log,
                MonitorSettings.forOlap(),
                ticker,
                clock,
                signal));
        Router router = new Router(
                primary,
                List.copyOf(replicas),
                olap.map(MonitoredSource.class::cast),
                RouterSettings.defaults(),
                signal,
                ticker,
                observer,
                writer::hurry);
        writer.start();
        replicas.forEach(SourceMonitor::start);
        olap.ifPresent(SourceMonitor::start);
        return new SourceMonitors(log, signal, writer, primary, replicas, olap, router);
    }

    Router router() {
        return router;
    }

    /** A cache of entities that goes by the heartbeats of this node. */
    EntityCache newCache(long bytes, LongSupplier ticker, InstantSource clock) {
        return new EntityCache(bytes, log, ticker, clock, signal);
    }

    /** Tells that a write was acknowledged at that position. */
    void wrote(Position position) {
        primary.wrote(position);
    }

    /** Whether the primary accepts heartbeats. */
    boolean primaryAnswers() {
        return primary.status().state() == SourceStatus.State.HEALTHY;
    }

    String nodeId() {
        return log.nodeId();
    }

    List<MonitoredSource> all() {
        List<MonitoredSource> all = new ArrayList<>();
        all.add(primary);
        all.addAll(replicas);
        olap.ifPresent(all::add);
        return all;
    }

    @Override
    public void close() {
        replicas.forEach(SourceMonitor::close);
        olap.ifPresent(SourceMonitor::close);
        writer.close();
    }

    private static Observation observe(HeartbeatReader reader, String nodeId) {
        HeartbeatReader.Observation seen = reader.observe(nodeId).ofStandby();
        return new Observation(
                seen.newest(),
                Optional.of(seen.position()),
                Map.of(
                        "replay_paused", Boolean.toString(seen.replayPaused()),
                        "receiver_connected", Boolean.toString(seen.receiverConnected())));
    }

    private static Observation observe(AnalyticsStore store, String nodeId) {
        Optional<Watermark> watermark = store.watermark().filter(Watermark::snapshotComplete);
        return new Observation(
                watermark.flatMap(known -> known.heartbeats().stream()
                        .filter(heartbeat -> heartbeat.nodeId().equals(nodeId))
                        .findFirst()),
                watermark.map(Watermark::position),
                Map.of());
    }
}
