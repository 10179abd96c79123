package com.atlasco.atlas.server;

import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.duckdb.DuckDbSettings;
import com.atlasco.atlas.analytics.duckdb.DuckDbStore;
import com.atlasco.atlas.capture.CapturePipeline;
import com.atlasco.atlas.capture.CaptureSettings;
import com.atlasco.atlas.capture.lag.SlotMonitor;
import com.atlasco.atlas.freshness.cache.EntityCache;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.HeartbeatReader;
import com.atlasco.atlas.postgres.HeartbeatTable;
import com.atlasco.atlas.postgres.Line;
import com.atlasco.atlas.postgres.Migrations;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.atlasco.atlas.postgres.PrimaryLineage;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.TenantDirectory;
import com.atlasco.atlas.postgres.check.CheckedServer;
import com.atlasco.atlas.postgres.read.PostgresSource;
import com.atlasco.atlas.postgres.read.SharedLookup;
import com.atlasco.atlas.postgres.read.VisibleCommits;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import com.atlasco.atlas.postgres.registry.PivotJobs;
import com.atlasco.atlas.postgres.statistics.StatisticsCatalog;
import com.atlasco.atlas.postgres.tenant.ApiKeyStore;
import com.atlasco.atlas.postgres.tenant.KeyRing;
import com.atlasco.atlas.postgres.tenant.TenancyWatch;
import com.atlasco.atlas.postgres.tenant.TenantCatalog;
import com.atlasco.atlas.postgres.tenant.TenantDeletions;
import com.atlasco.atlas.postgres.tenant.TenantStore;
import com.atlasco.atlas.postgres.write.EntityDeleter;
import com.atlasco.atlas.postgres.write.EntityWriter;
import com.atlasco.atlas.postgres.write.GroupCommitSettings;
import com.atlasco.atlas.postgres.write.IdempotencyRetention;
import com.atlasco.atlas.postgres.write.WriteSettings;
import com.atlasco.atlas.query.EntityLookup;
import com.atlasco.atlas.server.AtlasConfig.PostgresTier;
import com.atlasco.atlas.server.access.Gate;
import com.atlasco.atlas.server.access.OperatorKey;
import com.atlasco.atlas.server.alert.Alerts;
import com.atlasco.atlas.server.alert.NodeReadings;
import com.atlasco.atlas.server.http.Api;
import com.atlasco.atlas.server.http.HttpService;
import com.atlasco.atlas.server.quota.TenantQuotas;
import com.atlasco.atlas.server.read.MostShown;
import com.atlasco.atlas.server.read.ReadService;
import com.atlasco.atlas.server.read.SharedObservation;
import com.atlasco.atlas.server.read.SourceAccess;
import com.atlasco.atlas.server.status.StatusService;
import com.atlasco.atlas.server.verify.ContinuousVerification;
import com.atlasco.atlas.server.verify.Verifier;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: the tiers connected, capture and monitors under way, HTTP served. Thread-safe.
 *
 * <p>This is the one place where the parts are put together; it reads from top to bottom.
 */
public final class AtlasServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AtlasServer.class);
    private static final String SERVICE_ROLE = "atlas_service";

    static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(30);

    /** Single entities take milliseconds; on a line that was cut nobody answers, and another source may have them. */
    private static final Duration POINT_DEADLINE = Duration.ofSeconds(5);

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CHANGE_DEADLINE = Duration.ofSeconds(20);
    private static final Duration BACKGROUND_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration PROBE_DEADLINE = Duration.ofMillis(2_500);
    private static final int READERS = 16;

    /** Beyond the write deadline, so that a write under way at the end is answered. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Deque<Part> parts = new ArrayDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger port = new AtomicInteger();
    private final String host;

    private record Part(String name, AutoCloseable closeable) {}

    private AtlasServer(String host) {
        this.host = host;
    }

    /**
     * Migrates the primary, starts capture and monitors, and serves HTTP.
     *
     * @return when HTTP is served; capture and the sources' bounds may need another moment, see {@code /health/replication}
     * @throws com.atlasco.atlas.model.AtlasException when a tier cannot be reached
     * @throws IllegalArgumentException when it is to listen beyond the loopback without asking for keys, or to ask for
     *     keys without an operator's
     * @throws InterruptedException when interrupted while capture starts; what was started is stopped
     */
    public static AtlasServer start(AtlasConfig config) throws InterruptedException {
        requireKeysBeyondLoopback(config);
        AtlasServer server = new AtlasServer(config.http().host());
        try {
            server.compose(config);
            return server;
        } catch (RuntimeException | InterruptedException failed) {
            server.close();
            throw failed;
        }
    }

    private static void requireKeysBeyondLoopback(AtlasConfig config) {
        if (!config.access().keysRequired()
                && !HttpService.isLoopback(config.http().host())) {
            throw new IllegalArgumentException(
                    "development mode asks for no key and serves the loopback only: to listen on %s, require keys"
                            .formatted(config.http().host()));
        }
        if (config.access().keysRequired() && config.access().operatorKey().isEmpty()) {
            throw new IllegalArgumentException("where keys are required, the operator needs one to create others");
        }
    }

    private void compose(AtlasConfig config) throws InterruptedException {
        LongSupplier ticker = System::nanoTime;
        InstantSource clock = InstantSource.system();
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        opened("metrics", meters::close);
        new JvmMemoryMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        opened("collector metrics", bound(new JvmGcMetrics(), meters));

        PostgresTier primaryTier = config.primary();
        String servicePassword = servicePassword(primaryTier.adminPassword());
        Migrations.migrate(
                primaryTier.jdbcUrl(),
                primaryTier.adminUser(),
                primaryTier.adminPassword(),
                SERVICE_ROLE,
                servicePassword);

        // Whoever meets a newer primary tells all others.
        PrimaryLineage lineage = new PrimaryLineage();
        Database primary = opened(
                "primary",
                Database.open(
                        settings(primaryTier, servicePassword, "primary")
                                .within(config.writes().deadline()),
                        Optional.of(lineage)));
        Database writers = opened(
                "writers",
                Database.openRowByRow(
                        settings(primaryTier, servicePassword, "writer")
                                .within(config.writes().deadline()),
                        Optional.of(lineage)));
        // Heartbeats and probes have connections of their own: a busy pool must not look like a stale source.
        Line pulse = opened("heartbeat", new Line(probe(primaryTier, servicePassword), Optional.of(lineage)));
        Map<String, HeartbeatReader> replicaProbes = new LinkedHashMap<>();
        config.namedReplicas()
                .forEach((name, tier) -> replicaProbes.put(
                        name, new HeartbeatReader(opened(name + " probe", new Line(probe(tier, servicePassword))))));

        // Changes of the registry and parts of the pivot may take longer than a write, but writers wait for some of
        // them.
        Database changes =
                opened("registry changes", Database.open(changes(primaryTier, servicePassword), Optional.of(lineage)));
        AttributeRegistry registry = opened("registry", AttributeRegistry.open(primary, changes));
        opened("pivot jobs", PivotJobs.start(changes, registry));
        TenantStore tenantStore = new TenantStore(primary);
        ApiKeyStore keyStore = new ApiKeyStore(primary);
        TenantCatalog catalog = new TenantCatalog(primary);
        KeyRing keys = opened("keys", new KeyRing(keyStore, clock, ticker));
        opened("tenancy", TenancyWatch.start(primary, List.of(catalog, keys)));
        Gate gate = new Gate(
                config.access().keysRequired(), config.access().operatorKey().map(OperatorKey::of), keys);
        Tenants tenants = new Tenants(
                registry,
                new TenantDirectory(primary),
                catalog,
                !config.access().keysRequired());

        Optional<DuckDbStore> store = config.analytics()
                .map(duckDb -> opened(
                        "analytics store",
                        DuckDbStore.open(
                                DuckDbSettings.of(duckDb.file())
                                        .withRetention(duckDb.historyRetention())
                                        .withPromotion(duckDb.promotion()),
                                clock,
                                ticker)));
        // Where a replica is, the primary need not be looked at for them.
        StatisticsCatalog statistics = opened(
                "statistics",
                StatisticsCatalog.open(
                        statistics(config.replicas().stream().findFirst().orElse(primaryTier), servicePassword),
                        StatisticsCatalog.DEFAULT_BYTES,
                        config.analytics().isPresent() ? StatisticsCatalog.FOLLOWING : StatisticsCatalog.ALONE,
                        ticker,
                        RandomGenerator.getDefault()));
        CaptureSettings captured = captured(
                primaryTier,
                config.analytics()
                        .map(AtlasConfig.DuckDbConfig::resyncAfterFailover)
                        .orElse(false));
        SourceMonitors monitors = opened(
                "monitors",
                SourceMonitors.start(
                        new HeartbeatTable(pulse), replicaProbes, store, new RoutingMeters(meters), ticker, clock));
        Optional<EntityCache> cache = config.reads().cacheBytes() == 0
                ? Optional.empty()
                : Optional.of(monitors.newCache(config.reads().cacheBytes(), ticker, clock));
        cache.ifPresent(copies -> CacheMeters.register(meters, copies));
        Optional<CapturePipeline> capture = store.map(
                sink -> opened("capture", new CapturePipeline(captured, sink, new ChangeFeed(statistics, cache))));
        Optional<SlotMonitor> slot = capture.map(pipeline -> opened(
                "slot",
                SlotMonitor.start(
                        opened("slot probe", new Line(probe(primaryTier, servicePassword))),
                        captured.slotName(),
                        pipeline::status,
                        () -> store.flatMap(DuckDbStore::watermark),
                        ticker,
                        clock)));
        // Counting, deleting and forgetting take their time: connections of their own, and a longer breath.
        Database background =
                opened("background", Database.open(background(primaryTier, servicePassword), Optional.of(lineage)));
        ExecutorService counting = opened("counting", Executors.newVirtualThreadPerTaskExecutor());
        TenantQuotas quotas =
                new TenantQuotas(catalog, new TenantStore(background), counting, ticker, TenantQuotas.PATIENCE);
        opened("tenant deletion", TenantDeletions.start(background, monitors.nodeId(), TenantDeletions.CHUNK));
        TenantAdministration administration =
                new TenantAdministration(tenantStore, keyStore, catalog, keys, new SecureRandom());
        WriteSettings writeSettings = new WriteSettings(config.writes().maxEntityBytes());
        Writes writes = opened(
                "writes",
                new Writes(
                        new EntityWriter(writers, registry, writeSettings),
                        new EntityDeleter(writers, registry),
                        quotas,
                        GroupCommitSettings.defaults(),
                        monitors::wrote,
                        (tenant, entityIds) -> cache.ifPresent(copies -> copies.written(tenant, entityIds)),
                        ticker,
                        meters));
        opened(
                "retention of idempotency keys",
                IdempotencyRetention.start(background, config.writes().idempotencyRetention()));

        Map<Source, SourceAccess> sources = new EnumMap<>(Source.class);
        sources.put(
                Source.PRIMARY,
                primaryAccess(
                        settings(primaryTier, servicePassword, "primary"),
                        lineage,
                        statistics,
                        config.reads().costLimit()));
        Map<String, SourceAccess> replicas = new LinkedHashMap<>();
        config.namedReplicas()
                .forEach((name, tier) -> replicas.put(
                        name,
                        access(
                                settings(tier, servicePassword, name),
                                monitors.nodeId(),
                                statistics,
                                config.reads().costLimit())));
        store.ifPresent(olap -> sources.put(
                Source.OLAP, olapAccess(olap, sources.get(Source.PRIMARY).position(), monitors)));
        ReadService reads = new ReadService(monitors.router(), sources, replicas, cache, clock, meters);
        Alerts alerts = opened(
                "alerts",
                Alerts.start(
                        config.alerts(),
                        new NodeReadings(monitors.all(), () -> slot.map(SlotMonitor::lag), ticker),
                        monitors.router()::prefer,
                        meters,
                        this::url,
                        ticker,
                        clock));
        StatusService status = new StatusService(
                config,
                Stream.concat(monitors.all().stream(), cache.stream()).toList(),
                () -> cache.map(EntityCache::figures),
                () -> capture.map(CapturePipeline::status),
                () -> slot.map(SlotMonitor::lag),
                () -> store.map(DuckDbStore::promotions),
                alerts::reports,
                ticker);
        SourceMeters.register(meters, status);
        capture.ifPresent(pipeline -> Gauge.builder(
                        "atlas.capture.snapshot.rows", () -> pipeline.status().snapshotRows())
                .description("Rows of the newest snapshot that are in the analytics store")
                .register(meters));
        capture.ifPresent(pipeline -> Gauge.builder(
                        "atlas.capture.snapshot.percent",
                        () -> pipeline.status()
                                .snapshot()
                                .map(snapshot -> snapshot.percent().orElse(Double.NaN))
                                .orElse(100.0))
                .description("How much of a snapshot under way has been read; 100 without one")
                .register(meters));
        capture.ifPresent(pipeline -> Gauge.builder(
                        "atlas.capture.changes.applied", () -> pipeline.status().changesApplied())
                .description("Changes that are durable in the analytics store")
                .register(meters));
        slot.ifPresent(watched -> LagMeters.register(meters, watched::lag));

        Resync resync = new Resync(capture);
        Verifier verifier = verifier(config, store, monitors, resync, meters, ticker);

        HttpService http = opened(
                "http",
                Api.serve(
                        config.http(),
                        config.writes().deadline().plus(GRACE),
                        gate,
                        tenants,
                        administration,
                        writes,
                        reads,
                        statistics,
                        resync,
                        verifier,
                        status,
                        alerts,
                        meters,
                        this::url));
        port.set(http.port());
        if (capture.isPresent()) {
            capture.get().start();
        }
        if (config.verify().continuously()) {
            opened(
                    "continuous verification",
                    ContinuousVerification.start(verifier, config.verify().between(), ticker));
        }
        LOG.info("Serving on {}", url());
    }

    private Verifier verifier(
            AtlasConfig config,
            Optional<DuckDbStore> store,
            SourceMonitors monitors,
            Resync resync,
            PrometheusMeterRegistry meters,
            LongSupplier ticker) {
        Map<String, CheckedServer> replicas = new LinkedHashMap<>();
        config.namedReplicas()
                .forEach((name, tier) ->
                        replicas.put(name, opened("verified " + name, CheckedServer.open(verified(tier)))));
        return new Verifier(
                opened("verified primary", CheckedServer.open(verified(config.primary()))),
                replicas,
                store.map(DuckDbStore::comparison),
                monitors.router()::awaitPosition,
                resync::refresh,
                meters,
                ticker,
                RandomGenerator.getDefault());
    }

    private static CaptureSettings captured(PostgresTier primary, boolean snapshotOnNewTimeline) {
        List<CaptureSettings.Server> successors = primary.successors().stream()
                .map(successor -> new CaptureSettings.Server(successor.host(), successor.port()))
                .toList();
        return CaptureSettings.of(
                        primary.host(),
                        primary.port(),
                        primary.database(),
                        primary.adminUser(),
                        primary.adminPassword())
                .withSuccessors(successors, snapshotOnNewTimeline);
    }

    private SourceAccess primaryAccess(
            PostgresSettings settings, PrimaryLineage lineage, StatisticsCatalog statistics, Duration costLimit) {
        PostgresSource source =
                opened(settings.applicationName(), PostgresSource.ofPrimary(settings, lineage, statistics, costLimit));
        Database positions = opened(settings.applicationName(), Database.open(settings, Optional.of(lineage)));
        SharedObservation<Position> after = new SharedObservation<>(() -> positions.run(Session::flushedPosition));
        SharedLookup lookup =
                opened(settings.applicationName(), SharedLookup.ofPrimary(settings.within(POINT_DEADLINE), lineage));
        VisibleCommits visible = new VisibleCommits(
                new SharedObservation<>(() -> VisibleCommits.committing(positions)), System::nanoTime);
        return new SourceAccess(
                source,
                lookup,
                () -> Optional.of(after.get()),
                Optional.empty(),
                contained -> contained.ifPresentOrElse(visible::await, visible::await));
    }

    private SourceAccess access(
            PostgresSettings settings, String nodeId, StatisticsCatalog statistics, Duration costLimit) {
        PostgresSource source =
                opened(settings.applicationName(), PostgresSource.ofReplica(settings, nodeId, statistics, costLimit));
        Database positions = opened(settings.applicationName(), Database.open(settings));
        HeartbeatReader reader = new HeartbeatReader(positions);
        SharedObservation<Position> after =
                new SharedObservation<>(() -> reader.observe(nodeId).ofStandby().position());
        SharedLookup lookup =
                opened(settings.applicationName(), SharedLookup.ofReplica(settings.within(POINT_DEADLINE), nodeId));
        return new SourceAccess(source, lookup, () -> Optional.of(after.get()));
    }

    private static SourceAccess olapAccess(
            DuckDbStore olap, Supplier<Optional<Position>> primary, SourceMonitors monitors) {
        MostShown most = new MostShown(
                monitors::primaryAnswers, primary, () -> olap.watermark().map(Watermark::position));
        return new SourceAccess(
                olap,
                (tenant, entityId) -> {
                    Optional<Entity> entity = olap.get(tenant, entityId);
                    return new EntityLookup.Located(entity, most.get());
                },
                most,
                Optional.of(olap),
                contained -> {});
    }

    private static PostgresSettings settings(PostgresTier tier, String password, String name) {
        return new PostgresSettings(tier.jdbcUrl(), SERVICE_ROLE, password, READERS, STATEMENT_TIMEOUT, name);
    }

    private static PostgresSettings probe(PostgresTier tier, String password) {
        return new PostgresSettings(
                tier.jdbcUrl(), SERVICE_ROLE, password, 1, PROBE_TIMEOUT, PROBE_DEADLINE, "atlas probe");
    }

    private static PostgresSettings changes(PostgresTier tier, String password) {
        return new PostgresSettings(
                tier.jdbcUrl(), SERVICE_ROLE, password, 4, STATEMENT_TIMEOUT, CHANGE_DEADLINE, "atlas registry");
    }

    private static PostgresSettings statistics(PostgresTier tier, String password) {
        return new PostgresSettings(tier.jdbcUrl(), SERVICE_ROLE, password, 1, STATEMENT_TIMEOUT, "atlas statistics");
    }

    /** Past row-level security: the administrator's role. */
    private static PostgresSettings verified(PostgresTier tier) {
        return new PostgresSettings(
                tier.jdbcUrl(), tier.adminUser(), tier.adminPassword(), 2, STATEMENT_TIMEOUT, "atlas verify");
    }

    private static PostgresSettings background(PostgresTier tier, String password) {
        return new PostgresSettings(tier.jdbcUrl(), SERVICE_ROLE, password, 4, BACKGROUND_TIMEOUT, "atlas background");
    }

    private static JvmGcMetrics bound(JvmGcMetrics metrics, PrometheusMeterRegistry meters) {
        metrics.bindTo(meters);
        return metrics;
    }

    /** The same on every node of the primary, and of no use to find the administrator's password with. */
    private static String servicePassword(String adminPassword) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(("atlas " + adminPassword).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(SERVICE_ROLE.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JVM has HmacSHA256", impossible);
        }
    }

    /** The base URL, such as {@code http://127.0.0.1:8080}. */
    public String url() {
        return "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port.get());
    }

    /**
     * Takes no more requests, lets those under way finish (at most for the write deadline), then stops capture and
     * monitors, within 5 seconds more. Does nothing the second time.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.closeable().close();
            } catch (Exception failed) {
                LOG.warn("Closing the {} failed", part.name(), failed);
            }
        }
    }

    /** Remembers what is to be closed, the last opened first. */
    private <T extends AutoCloseable> T opened(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }
}
