package com.atlasco.atlas.bench.growth;

import com.atlasco.atlas.bench.BenchReport;
import com.atlasco.atlas.bench.Medians;
import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.cluster.CpuSeconds;
import com.atlasco.atlas.bench.cluster.Registration;
import com.atlasco.atlas.bench.cluster.Workplace;
import com.atlasco.atlas.bench.dataset.Dataset;
import com.atlasco.atlas.bench.dataset.EntityJson;
import com.atlasco.atlas.bench.dataset.EntitySource;
import com.atlasco.atlas.bench.filter.AtlasWorkload;
import com.atlasco.atlas.bench.http.BatchLoad;
import com.atlasco.atlas.bench.http.RequestLoad;
import com.atlasco.atlas.bench.http.Requests;
import com.atlasco.atlas.model.Value;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Measures what writing and reading cost as the store grows, on servers of its own and in a fresh directory that is
 * removed at the end. Entities are written as batches over two connections; what is read is read from the primary over
 * one connection, one request after another.
 */
public final class GrowthBench {

    /** How many entities before each stage its rate is measured over. */
    static final int WINDOW = 200_000;

    private static final int SLAB = 50_000;
    private static final int CONNECTIONS = 2;
    private static final long TENANT = 101;
    private static final int READS = 2_000;
    private static final int FILTERS = 200;
    private static final int WORKLOAD = 60;
    private static final int WORKLOAD_REPEAT = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final List<String> REALTIME = List.of("X-Freshness-Requirement: realtime");

    private final GrowthSettings settings;
    private final Consumer<String> progress;
    private final Dataset dataset;
    private final SplittableRandom random;
    private final AtlasWorkload workload;
    private long entities;

    /** What is written, as the makers of filters see it. */
    private record Entities(Dataset dataset) implements EntitySource {
        @Override
        public List<Dataset.Attribute> attributes() {
            return dataset.attributes();
        }

        @Override
        public List<Optional<Value>> entity(long entityId) {
            return dataset.values(TENANT, entityId).stream().map(Optional::of).toList();
        }
    }

    /** One slab of entities written. */
    private record Slab(double perSecond, CpuSeconds cpuPerThousand) {}

    public GrowthBench(GrowthSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
        this.dataset = new Dataset(settings.seed(), settings.attributes());
        this.random = new SplittableRandom(settings.seed());
        this.workload = new AtlasWorkload(
                new Entities(dataset), GrowthSettings.FIRST_STAGE, WORKLOAD, settings.seed());
    }

    /**
     * What was found.
     *
     * @param table for people
     */
    public record Result(BenchReport report, String table) {}

    /**
     * Runs to the last stage.
     *
     * @throws IOException when Atlas cannot be started or refused something
     * @throws SQLException when the primary cannot be asked for its sizes
     */
    public Result run() throws IOException, SQLException, InterruptedException {
        List<Stage> stages = new ArrayList<>();
        try (Workplace workplace = Workplace.open()) {
            try {
                progress.accept("starting Atlas with " + settings.tiers().description());
                Cluster cluster = workplace.start(settings.command(), settings.tiers());
                grow(cluster, stages);
                workplace.remove(cluster);
            } catch (IOException | SQLException | RuntimeException failed) {
                workplace.parkWhenEnding();
                throw failed;
            }
        }
        return new GrowthTable(settings, stages).result();
    }

    private void grow(Cluster cluster, List<Stage> stages) throws IOException, SQLException, InterruptedException {
        long started = System.nanoTime();
        Registration.register(cluster, dataset, TENANT);
        for (long stage : settings.stages()) {
            List<Slab> slabs = new ArrayList<>();
            while (entities < stage) {
                slabs.add(write(cluster, (int) Math.min(SLAB, stage - entities)));
                say(started, slabs.getLast());
            }
            List<Slab> last = slabs.subList(Math.max(0, slabs.size() - WINDOW / SLAB), slabs.size());
            progress.accept("%,d entities: reading".formatted(entities));
            cluster.awaitQuiet(PATIENCE);
            stages.add(measure(cluster, last, started));
        }
    }

    private void say(long started, Slab slab) {
        double seconds = (System.nanoTime() - started) / 1e9;
        progress.accept("%,d of %,d entities, %,.0f/s, %.3f CPU s per 1,000; %,.0f s gone, some %,.0f s to go"
                .formatted(
                        entities,
                        settings.max(),
                        slab.perSecond(),
                        slab.cpuPerThousand().total(),
                        seconds,
                        seconds / entities * (settings.max() - entities)));
    }

    private Slab write(Cluster cluster, int count) throws IOException, SQLException, InterruptedException {
        EntityJson json = new EntityJson(dataset);
        List<List<BatchLoad.Batch>> lanes = new ArrayList<>();
        long next = entities + 1;
        for (int lane = 0; lane < CONNECTIONS; lane++) {
            int share = lane == CONNECTIONS - 1 ? (int) (entities + count + 1 - next) : count / CONNECTIONS;
            List<Long> ids = LongStream.range(next, next + share).boxed().toList();
            lanes.add(List.of(new BatchLoad.Batch(TENANT, json.lines(TENANT, ids), share)));
            next += share;
        }
        CpuSeconds before = cluster.cpu();
        long began = System.nanoTime();
        BatchLoad.run(cluster.url(), lanes);
        double seconds = (System.nanoTime() - began) / 1e9;
        entities += count;
        // The next slab waits for the other tiers: what is measured is the store, not how far they may fall behind.
        cluster.awaitCaughtUp(PATIENCE);
        return new Slab(count / seconds, cluster.cpu().minus(before).per(count / 1_000.0));
    }

    private Stage measure(Cluster cluster, List<Slab> slabs, long started) throws IOException, SQLException {
        double readMillis = median(cluster, READS, this::read);
        double filterMillis = median(cluster, FILTERS, this::filter);
        AtlasWorkload.Outcome filters = workload.run(cluster.url(), TENANT, WORKLOAD_REPEAT);
        try (Connection connection = cluster.connect()) {
            return new Stage(
                    entities,
                    Medians.of(slabs, Slab::perSecond),
                    CpuSeconds.median(slabs, Slab::cpuPerThousand),
                    readMillis,
                    filterMillis,
                    filters,
                    size(connection, "pg_total_relation_size(relid)", "entity"),
                    size(connection, "pg_table_size(relid)", "entity_attribute"),
                    size(connection, "pg_indexes_size(relid)", "entity_attribute"),
                    Long.parseLong(Cluster.one(connection, "SELECT pg_database_size(current_database())::text")),
                    (System.nanoTime() - started) / 1e9);
        }
    }

    private interface RequestMaker {
        byte[] make();
    }

    /** The median of requests one after another, after a tenth of them that do not count. */
    private static double median(Cluster cluster, int count, RequestMaker maker) throws IOException {
        try (RequestLoad load = RequestLoad.open(cluster.url(), 1)) {
            load.closedLoop(requests(Math.max(1, count / 10), maker));
            RequestLoad.Outcome outcome = load.closedLoop(requests(count, maker));
            return outcome.micros().percentile(50) / 1_000.0;
        }
    }

    private static List<byte[]> requests(int count, RequestMaker maker) {
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(maker.make());
        }
        return requests;
    }

    private byte[] read() {
        return Requests.get("/api/v1/entities/" + (1 + random.nextLong(entities)), TENANT, REALTIME);
    }

    /** A country of sixteen, the upper tenth or so of a score, and what eight of ten are. */
    private byte[] filter() {
        String filter = "%s = '%s' AND %s > %d AND %s = TRUE"
                .formatted(
                        dataset.attributes().get(1).name(),
                        Dataset.COUNTRIES.get(random.nextInt(Dataset.COUNTRIES.size())),
                        dataset.attributes().get(0).name(),
                        85 + random.nextInt(10),
                        dataset.attributes().get(3).name());
        return Requests.get(
                "/api/v1/entities?limit=100&filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8),
                TENANT,
                REALTIME);
    }

    private static long size(Connection connection, String function, String table) throws SQLException {
        return Long.parseLong(Cluster.one(
                connection,
                "SELECT sum(%s)::bigint::text FROM pg_partition_tree('%s') WHERE isleaf".formatted(function, table)));
    }
}
