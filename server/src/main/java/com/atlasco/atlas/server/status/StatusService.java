package com.atlasco.atlas.server.status;

import com.atlasco.atlas.analytics.duckdb.PromotionReport;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.capture.CaptureState;
import com.atlasco.atlas.capture.CaptureStatus;
import com.atlasco.atlas.capture.lag.CaptureLag;
import com.atlasco.atlas.freshness.MonitoredSource;
import com.atlasco.atlas.freshness.SourceStatus;
import com.atlasco.atlas.freshness.cache.CacheFigures;
import com.atlasco.atlas.model.Source;
import com.atlasco.atlas.server.AtlasConfig;
import com.atlasco.atlas.server.AtlasConfig.PostgresTier;
import com.atlasco.atlas.server.alert.AlertReport;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Tells how the node and its sources are. Thread-safe; asks no database. */
public final class StatusService {

    /** From here a replica is worth waking someone for. */
    static final Duration REPLICA_THRESHOLD = Duration.ofSeconds(5);

    /** From here analytical reads cannot be served from the analytics store. */
    static final Duration OLAP_THRESHOLD = Duration.ofMinutes(5);

    private final AtlasConfig config;
    private final List<MonitoredSource> sources;
    private final Supplier<Optional<CacheFigures>> cache;
    private final Supplier<Optional<CaptureStatus>> capture;
    private final Supplier<Optional<CaptureLag>> lag;
    private final Supplier<Optional<PromotionReport>> promotions;
    private final Supplier<List<AlertReport>> alerts;
    private final LongSupplier ticker;

    /** Composes the service of what is watched. */
    public StatusService(
            AtlasConfig config,
            List<MonitoredSource> sources,
            Supplier<Optional<CacheFigures>> cache,
            Supplier<Optional<CaptureStatus>> capture,
            Supplier<Optional<CaptureLag>> lag,
            Supplier<Optional<PromotionReport>> promotions,
            Supplier<List<AlertReport>> alerts,
            LongSupplier ticker) {
        this.config = config;
        this.sources = List.copyOf(sources);
        this.cache = cache;
        this.capture = capture;
        this.lag = lag;
        this.promotions = promotions;
        this.alerts = alerts;
        this.ticker = ticker;
    }

    /** Whether requests can be served: the primary accepts heartbeats. */
    public HealthReport ready() {
        return new HealthReport(sources.stream()
                .filter(source -> source.source() == Source.PRIMARY)
                .map(this::component)
                .toList());
    }

    /** Whether every source is within its threshold, capture follows the log, and its slot is in no danger. */
    public HealthReport replication() {
        List<HealthReport.Component> components =
                new ArrayList<>(sources.stream().map(this::component).toList());
        Optional<CaptureStatus> captured = capture.get();
        Optional<CaptureLag> known = lag.get();
        captured.map(status -> component(status, known)).ifPresent(components::add);
        known.map(LagReport::slot).ifPresent(components::add);
        return new HealthReport(components);
    }

    private static HealthReport.Component component(CaptureStatus status, Optional<CaptureLag> lag) {
        return new HealthReport.Component(
                "capture",
                status.state() == CaptureState.STREAMING,
                status.state().name().toLowerCase(java.util.Locale.ROOT),
                Optional.empty(),
                Optional.empty(),
                status.failure()
                                .orElseGet(() -> "%,d changes applied, %,d rows in the last snapshot"
                                        .formatted(status.changesApplied(), status.snapshotRows()))
                        + lag.map(known -> "; " + LagReport.backlog(known)).orElse(""));
    }

    /** The staleness bound of each source now, in milliseconds; NaN where it is not known. */
    public double boundMillis(MonitoredSource source) {
        return source.status()
                .boundAt(ticker.getAsLong())
                .map(bound -> (double) bound.toMillis())
                .orElse(Double.NaN);
    }

    public List<MonitoredSource> sources() {
        return sources;
    }

    /** Writes the status page. */
    public void write(JsonGenerator json, String url) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("http");
        json.writeStringField("url", url);
        json.writeEndObject();
        write(json, "primary", config.primary());
        for (Map.Entry<String, PostgresTier> replica : config.namedReplicas().entrySet()) {
            write(json, replica.getKey(), replica.getValue());
        }
        if (config.analytics().isPresent()) {
            json.writeObjectFieldStart("olap");
            json.writeStringField("engine", "duckdb");
            json.writeStringField(
                    "path", config.analytics().get().file().toAbsolutePath().toString());
            json.writeEndObject();
        }
        json.writeArrayFieldStart("sources");
        for (MonitoredSource source : sources) {
            write(json, source.node(), source.status());
        }
        json.writeEndArray();
        Optional<CaptureStatus> captured = capture.get();
        if (captured.isPresent()) {
            write(json, captured.get(), lag.get());
        }
        Optional<PromotionReport> promoted = promotions.get();
        if (promoted.isPresent()) {
            PromotionOutput.write(json, promoted.get());
        }
        json.writeArrayFieldStart("alerts");
        for (AlertReport alert : alerts.get()) {
            if (alert.firing()) {
                alert.write(json);
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, CaptureStatus captured, Optional<CaptureLag> lag) throws IOException {
        json.writeObjectFieldStart("capture");
        json.writeStringField("state", captured.state().name().toLowerCase(java.util.Locale.ROOT));
        json.writeNumberField("changes_applied", captured.changesApplied());
        json.writeNumberField("snapshot_rows", captured.snapshotRows());
        json.writeNumberField("restarts", captured.restarts());
        if (captured.failure().isPresent()) {
            json.writeStringField("failure", captured.failure().get());
        }
        if (captured.remedy().isPresent()) {
            json.writeStringField("remedy", captured.remedy().get());
        }
        if (captured.snapshot().isPresent()) {
            write(json, captured.snapshot().get());
        }
        if (lag.isPresent()) {
            LagReport.write(json, lag.get());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, SnapshotState snapshot) throws IOException {
        json.writeObjectFieldStart("snapshot");
        json.writeStringField("scope", snapshot.scope().toString());
        json.writeBooleanField("initial", snapshot.initial());
        json.writeStringField("started_at", snapshot.startedAt().toString());
        json.writeStringField("reason", snapshot.reason());
        json.writeNumberField("rows", snapshot.rows());
        if (snapshot.estimatedRows().isPresent()) {
            json.writeNumberField("estimated_rows", snapshot.estimatedRows().getAsLong());
        } else {
            json.writeNullField("estimated_rows");
        }
        if (snapshot.percent().isPresent()) {
            json.writeNumberField("percent", Math.round(10 * snapshot.percent().getAsDouble()) / 10.0);
        } else {
            json.writeNullField("percent");
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, PostgresTier tier) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("host", tier.host());
        json.writeNumberField("port", tier.port());
        json.writeStringField("database", tier.database());
        json.writeStringField("user", tier.displayUser());
        json.writeEndObject();
    }

    private void write(JsonGenerator json, String node, SourceStatus status) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", node);
        json.writeStringField("state", status.state().name().toLowerCase(java.util.Locale.ROOT));
        Optional<Duration> bound = status.boundAt(ticker.getAsLong());
        if (bound.isPresent()) {
            json.writeNumberField("bound_ms", bound.get().toMillis());
        } else {
            json.writeNullField("bound_ms");
        }
        if (status.position().isPresent()) {
            json.writeStringField("position", status.position().get().lsn().toString());
        } else {
            json.writeNullField("position");
        }
        json.writeStringField("since", status.since().toString());
        json.writeStringField("why", status.why());
        json.writeEndObject();
    }

    /** A cache that is told of nothing serves less, and nothing wrong: whatever keeps it from that is told of elsewhere. */
    private HealthReport.Component cached(SourceStatus status) {
        String held = cache.get()
                .map(figures -> "; %,d copies, %,d of %,d bytes"
                        .formatted(figures.entries(), figures.bytes(), figures.maximumBytes()))
                .orElse("");
        String position =
                status.position().map(reached -> ", up to " + reached.lsn()).orElse("");
        return new HealthReport.Component(
                status.source().wireName(),
                true,
                status.state().name().toLowerCase(java.util.Locale.ROOT),
                status.boundAt(ticker.getAsLong()),
                Optional.of(REPLICA_THRESHOLD),
                status.why() + position + held);
    }

    private HealthReport.Component component(MonitoredSource source) {
        SourceStatus status = source.status();
        if (status.source() == Source.CACHE) {
            return cached(status);
        }
        Optional<Duration> bound = status.boundAt(ticker.getAsLong());
        Duration threshold = switch (status.source()) {
            case PRIMARY -> Duration.ofSeconds(1);
            case REPLICA, CACHE -> REPLICA_THRESHOLD;
            case OLAP -> OLAP_THRESHOLD;
        };
        boolean up = bound.filter(lag -> lag.compareTo(threshold) < 0).isPresent()
                && status.state() != SourceStatus.State.UNREACHABLE;
        return new HealthReport.Component(
                source.node(),
                up,
                status.state().name().toLowerCase(java.util.Locale.ROOT),
                bound,
                Optional.of(threshold),
                status.position(),
                Optional.of(status.since()),
                status.why());
    }
}
