package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.BenchReport;
import com.atlasco.atlas.bench.WarmUp;
import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.cluster.TierSet;
import com.atlasco.atlas.bench.cluster.Workplace;
import com.atlasco.atlas.bench.inventory.Inventory;
import com.atlasco.atlas.bench.inventory.InventoryLoad;
import com.atlasco.atlas.bench.inventory.PeerLoad;
import com.atlasco.atlas.bench.inventory.PeerTable;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Measures filters on many attributes: Atlas over HTTP, beside three hand-made tables in the same PostgreSQL primary. Every
 * contender is asked the same, in turns, and has to answer with the same page.
 */
public final class FilterBench {

    private static final long TENANT = 101;
    private static final Duration WARM_UP = Duration.ofSeconds(40);
    private static final Duration WARM_UP_ROUND = Duration.ofSeconds(5);
    private static final int WARM_UP_FILTERS = 100;
    private static final int SLOWEST = 10;
    private static final int SAY_EVERY = 20;

    private final FilterSettings settings;
    private final Consumer<String> progress;
    private final Inventory inventory;
    private final long started = System.nanoTime();

    public FilterBench(FilterSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
        this.inventory = new Inventory(settings.seed());
    }

    /**
     * What was found.
     *
     * @param table for people
     */
    public record Result(BenchReport report, String table) {}

    /**
     * Runs everything.
     *
     * @throws Exception when Atlas cannot be started, what was sent to it while loading or to PostgreSQL was refused, or
     *     two contenders do not answer with the same page
     */
    public Result run() throws Exception {
        try (Workplace workplace =
                settings.keep().isPresent() ? Workplace.keeping(settings.keep().get()) : Workplace.open()) {
            try {
                say("starting Atlas, " + TierSet.PRIMARY.description());
                Cluster cluster = workplace.start(settings.command(), TierSet.PRIMARY);
                InventoryLoad atlas = new InventoryLoad(cluster, inventory, TENANT, this::say);
                Path marker = workplace.file("loaded");
                boolean fresh = !isLoaded(cluster, marker);
                if (fresh) {
                    atlas.register(Set.of(), true);
                    atlas.write(settings.entities());
                    atlas.vacuum();
                }
                PeerTable.Attributes attributes = PeerLoad.attributes(cluster, inventory, TENANT);
                if (fresh) {
                    loadPeers(cluster, attributes);
                    Files.writeString(marker, content());
                }
                double loaded = seconds();
                Result result = measure(cluster, attributes, loaded);
                workplace.remove(cluster);
                return result;
            } catch (Exception failed) {
                workplace.parkWhenEnding();
                throw failed;
            }
        }
    }

    private String content() {
        return "entities %d, seed %d, only %s"
                .formatted(settings.entities(), settings.seed(), new TreeSet<>(settings.only()));
    }

    private boolean isLoaded(Cluster cluster, Path marker) throws IOException, SQLException {
        if (!Files.exists(marker)) {
            return false;
        }
        if (!Files.readString(marker).equals(content())) {
            throw new IOException("%s was loaded with %s".formatted(marker.getParent(), Files.readString(marker)));
        }
        try (Connection peers = cluster.connect(PeerTable.DATABASE)) {
            long rows = Long.parseLong(Cluster.one(peers, "SELECT count(*)::text FROM wide.asset"));
            if (rows != settings.entities()) {
                // A server that did not end in order has emptied unlogged tables.
                throw new IOException("%s has %,d of %,d entities in the wide table; remove it and begin anew"
                        .formatted(marker.getParent(), rows, settings.entities()));
            }
        }
        say("loaded by an earlier run");
        return true;
    }

    private void loadPeers(Cluster cluster, PeerTable.Attributes attributes) throws Exception {
        new PeerLoad(cluster, inventory, attributes, settings.entities(), this::say)
                .load(List.of(PeerTable.values()).stream()
                        .filter(table -> table == PeerTable.WIDE || settings.has(table.schema()))
                        .toList());
    }

    private Result measure(Cluster cluster, PeerTable.Attributes attributes, double loaded) throws Exception {
        List<Contender> contenders = new ArrayList<>();
        try (Connection reference = cluster.connect(PeerTable.DATABASE);
                AtlasContender atlas = new AtlasContender(cluster.url(), TENANT)) {
            contenders.add(atlas);
            if (settings.has(PeerTable.SEED.schema())) {
                contenders.add(peer(cluster, new SelfJoinDialect(attributes)));
            }
            if (settings.has(PeerTable.JSONB.schema())) {
                contenders.add(peer(cluster, new DocumentDialect()));
            }
            contenders.add(peer(cluster, new WideDialect()));
            warmUp(cluster);
            List<FilterCase> filters =
                    new Workload(inventory, settings.entities(), settings.seed()).filters(settings.filters());
            FilterMeasurement measurement = new FilterMeasurement(contenders, reference, settings);
            List<Measured> all = new ArrayList<>();
            for (FilterCase filter : filters) {
                all.add(measurement.measure(filter));
                if (all.size() % SAY_EVERY == 0) {
                    say("%d of %d filters".formatted(all.size(), filters.size()));
                }
            }
            Map<Integer, JsonNode> plans = plans(atlas, all);
            double total = seconds();
            FilterFigures figures = new FilterFigures(
                    all, contenders.stream().map(Contender::name).toList(), plans);
            return new Result(
                    new BenchReport(
                            "filter",
                            scale(Cluster.one(reference, "SHOW server_version"), loaded, total),
                            figures.figures(),
                            figures.ratios()),
                    new FilterTable(figures, settings).text());
        } finally {
            for (Contender contender : contenders) {
                contender.close();
            }
        }
    }

    private Contender peer(Cluster cluster, Dialect dialect) throws SQLException {
        return new SqlContender(cluster.connect(PeerTable.DATABASE), dialect, settings.cut());
    }

    private void warmUp(Cluster cluster) throws Exception {
        QuickFilters filters = new QuickFilters(
                cluster.url(),
                TENANT,
                new Workload(inventory, settings.entities(), settings.seed() + 1).filters(WARM_UP_FILTERS));
        new WarmUp("filters", WARM_UP, System::nanoTime, this::say).run(() -> filters.ask(WARM_UP_ROUND));
    }

    private static Map<Integer, JsonNode> plans(AtlasContender atlas, List<Measured> all) throws IOException {
        Map<Integer, JsonNode> plans = new LinkedHashMap<>();
        for (Measured measured : slowest(all)) {
            atlas.explain(measured.filter())
                    .ifPresent(plan -> plans.put(measured.filter().number(), plan));
        }
        return plans;
    }

    static List<Measured> slowest(List<Measured> all) {
        return all.stream()
                .sorted(Comparator.comparing((Measured measured) ->
                                measured.millis(AtlasContender.NAME).orElse(0.0))
                        .reversed())
                .limit(SLOWEST)
                .toList();
    }

    private double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }

    private void say(String line) {
        progress.accept("%5.0f s  %s".formatted(seconds(), line));
    }

    private Map<String, Object> scale(String postgres, double loaded, double total) {
        Map<String, Object> scale = new LinkedHashMap<>();
        scale.put("entities", settings.entities());
        scale.put("attributes", inventory.attributes().size());
        scale.put("filters", settings.filters());
        scale.put("page", FilterCase.PAGE);
        scale.put("repeat", settings.repeat());
        scale.put("cut_ms", settings.cut().toMillis());
        scale.put("seed", settings.seed());
        scale.put("tiers", TierSet.PRIMARY.name());
        scale.put("fsync", "on");
        scale.put("postgresql", postgres);
        scale.put("seconds_loading", Math.round(loaded));
        scale.put("seconds", Math.round(total));
        return scale;
    }
}
