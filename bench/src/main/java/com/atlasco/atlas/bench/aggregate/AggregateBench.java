package com.atlasco.atlas.bench.aggregate;

import com.atlasco.atlas.bench.BenchReport;
import com.atlasco.atlas.bench.Turns;
import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.cluster.TierSet;
import com.atlasco.atlas.bench.cluster.Workplace;
import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.inventory.Inventory;
import com.atlasco.atlas.bench.inventory.InventoryLoad;
import com.atlasco.atlas.bench.inventory.PeerLoad;
import com.atlasco.atlas.bench.inventory.PeerTable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Measures aggregates over everything: Atlas over HTTP from its columnar store, first with a column for every attribute,
 * then with none; beside a wide DuckDB table by hand in the bench's own JVM, and the classic SQL in PostgreSQL. Contenders
 * take turns, and their figures have to be the same.
 */
public final class AggregateBench {

    private static final long TENANT = 101;
    private static final Duration CATCH_UP = Duration.ofMinutes(10);
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    // What Atlas gives its own DuckDB.
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final String MEMORY = "2GB";

    private final AggregateSettings settings;
    private final Consumer<String> progress;
    private final Inventory inventory;
    private final List<AggregateCase> cases;
    private final long started = System.nanoTime();

    public AggregateBench(AggregateSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
        this.inventory = new Inventory(settings.randomSeed());
        this.cases = new Aggregations(inventory).all();
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
     * @throws Exception when Atlas cannot be started, refused something, or two contenders do not agree
     */
    public Result run() throws Exception {
        try (Workplace workplace = Workplace.open()) {
            try {
                say("starting Atlas, " + TierSet.COLUMNAR.description());
                Cluster cluster = workplace.start(settings.command(), TierSet.COLUMNAR);
                Result result = measure(cluster, workplace);
                workplace.remove(cluster);
                return result;
            } catch (Exception failed) {
                workplace.parkWhenEnding();
                throw failed;
            }
        }
    }

    private Result measure(Cluster cluster, Workplace workplace) throws Exception {
        InventoryLoad load = new InventoryLoad(cluster, inventory, TENANT, this::say);
        load.register(inventory.attributes().stream().map(Attribute::name).collect(Collectors.toSet()), false);
        PeerTable.Attributes attributes = PeerLoad.attributes(cluster, inventory, TENANT);
        load.write(settings.entities());
        cluster.awaitCaughtUp(CATCH_UP);
        say("columnar store has caught up");
        if (settings.seed()) {
            new PeerLoad(cluster, inventory, attributes, settings.entities(), this::say).load(List.of(PeerTable.SEED));
        }
        List<Contender> contenders = new ArrayList<>();
        try {
            Connection duckDb = WideDuckDb.open(workplace.file("wide.duckdb"), THREADS, MEMORY);
            AtlasAggregate atlas = new AtlasAggregate(cluster.url(), TENANT);
            contenders.add(atlas);
            contenders.add(new SqlContender(AggregateFigures.WIDE, duckDb, new SqlAggregate.Wide()));
            WideDuckDb.fill(duckDb, inventory, settings.entities());
            say("wide DuckDB table: filled");
            if (settings.seed()) {
                contenders.add(
                        new SqlContender(AggregateFigures.SEED, peer(cluster), new SqlAggregate.SelfJoin(attributes)));
            }
            cluster.awaitQuiet(CATCH_UP);
            warmUp(contenders.subList(0, 2));
            List<AggregateFigures.Measured> all = measure(contenders);
            say("every attribute hot: done");
            load.register(Set.of(), false);
            cluster.awaitCaughtUp(CATCH_UP);
            List<AggregateFigures.Measured> fromMaps = measure(contenders.subList(0, 2));
            say("no attribute hot: done");
            AggregateFigures figures = new AggregateFigures(all, fromMaps);
            return new Result(
                    new BenchReport("aggregate", scale(duckDb, cluster), figures.figures(), figures.ratios()),
                    figures.table(settings.entities()));
        } finally {
            for (Contender contender : contenders) {
                contender.close();
            }
        }
    }

    private Connection peer(Cluster cluster) throws SQLException {
        Connection connection = cluster.connect(PeerTable.DATABASE);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = " + settings.cut().toMillis());
        }
        return connection;
    }

    /** Both JVMs compile what they use; a server runs for days. */
    private void warmUp(List<Contender> contenders) throws IOException, SQLException {
        long end = System.nanoTime() + WARM_UP.toNanos();
        for (int turn = 0; System.nanoTime() < end; turn++) {
            for (Contender contender : contenders) {
                try (Contender.Question question = contender.prepare(cases.get(turn % cases.size()))) {
                    question.ask();
                }
            }
        }
    }

    private List<AggregateFigures.Measured> measure(List<Contender> contenders) throws IOException, SQLException {
        List<AggregateFigures.Measured> all = new ArrayList<>();
        for (AggregateCase aggregate : cases) {
            all.add(measure(contenders, aggregate));
        }
        return all;
    }

    private AggregateFigures.Measured measure(List<Contender> contenders, AggregateCase aggregate)
            throws IOException, SQLException {
        Map<String, Double> millis = new LinkedHashMap<>();
        List<Asked> all = new ArrayList<>();
        try {
            for (Contender contender : contenders) {
                all.add(new Asked(contender.name(), contender.prepare(aggregate), settings));
            }
            List<Asked> order = new ArrayList<>(all);
            for (int turn = 0; turn <= settings.repeat(); turn++) {
                for (Asked each : order) {
                    each.ask();
                }
                Collections.rotate(order, 1);
            }
        } finally {
            for (Asked each : all) {
                each.question.close();
            }
        }
        compare(aggregate, all);
        all.forEach(each -> millis.put(each.name, each.turns.medianMillis()));
        return new AggregateFigures.Measured(
                aggregate,
                all.getFirst().groups.map(groups -> groups.groups().size()).orElse(0),
                millis,
                all.stream().filter(each -> each.groups.isEmpty()).count());
    }

    private static void compare(AggregateCase aggregate, List<Asked> all) {
        Asked first = all.getFirst();
        for (Asked other : all) {
            first.groups
                    .flatMap(groups -> other.groups.flatMap(groups::difference))
                    .ifPresent(difference -> {
                        throw new IllegalStateException("%s and %s do not agree on '%s': %s"
                                .formatted(first.name, other.name, aggregate.name(), difference));
                    });
        }
    }

    /** A contender at one aggregation. */
    private static final class Asked {
        private final String name;
        private final Contender.Question question;
        private final AggregateSettings settings;
        private final Turns turns;
        private Optional<Groups> groups = Optional.empty();

        Asked(String name, Contender.Question question, AggregateSettings settings) {
            this.name = name;
            this.question = question;
            this.settings = settings;
            this.turns =
                    new Turns(settings.repeat(), name.equals(AggregateFigures.SEED) ? Turns.LONG : Turns.VERY_LONG);
        }

        void ask() throws IOException, SQLException {
            if (turns.isDone()) {
                return;
            }
            Contender.Answer answer = question.ask();
            groups = groups.or(answer::groups);
            if (answer.groups().isPresent()) {
                turns.add(answer.nanos());
            } else {
                turns.end(settings.cut());
            }
        }
    }

    private void say(String line) {
        progress.accept("%5.0f s  %s".formatted((System.nanoTime() - started) / 1e9, line));
    }

    private Map<String, Object> scale(Connection duckDb, Cluster cluster) throws SQLException {
        Map<String, Object> scale = new LinkedHashMap<>();
        scale.put("entities", settings.entities());
        scale.put("attributes", inventory.attributes().size());
        scale.put("aggregates", cases.size());
        scale.put("repeat", settings.repeat());
        scale.put("cut_ms", settings.cut().toMillis());
        scale.put("seed", settings.randomSeed());
        scale.put("tiers", TierSet.COLUMNAR.name());
        scale.put("duckdb_threads", THREADS);
        scale.put("duckdb_memory", MEMORY);
        scale.put("duckdb", duckDb.getMetaData().getDatabaseProductVersion());
        scale.put("fsync", "on");
        try (Connection connection = cluster.connect()) {
            scale.put("postgresql", Cluster.one(connection, "SHOW server_version"));
        }
        scale.put("seconds", Math.round((System.nanoTime() - started) / 1e9));
        return scale;
    }
}
