package com.atlasco.atlas.bench.training;

import com.atlasco.atlas.bench.aggregate.AggregateWorkload;
import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.cluster.Registration;
import com.atlasco.atlas.bench.cluster.TierSet;
import com.atlasco.atlas.bench.cluster.Workplace;
import com.atlasco.atlas.bench.dataset.Dataset;
import com.atlasco.atlas.bench.dataset.EntityJson;
import com.atlasco.atlas.bench.filter.AtlasWorkload;
import com.atlasco.atlas.bench.http.RequestLoad;
import com.atlasco.atlas.bench.http.Requests;
import com.atlasco.atlas.bench.inventory.Inventory;
import com.atlasco.atlas.bench.inventory.InventoryLoad;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Lets a server do a bit of everything while its JVM records which classes it loads and which code runs how often (JEP
 * 483, JEP 515). A JVM that is given the record starts in a third of the time and compiles what matters at once.
 */
public final class CodeTraining {

    private static final long SEED = 1;
    private static final long INVENTORY_TENANT = 101;
    private static final long TENANT = 102;
    private static final int ENTITIES = 20_000;
    private static final int ATTRIBUTES = 10;
    private static final int SINGLES = 12_000;
    private static final int WRITE_ROUNDS = 4;
    private static final int CONNECTIONS = 32;
    private static final int FILTERS = 100;
    private static final Duration FILTER_TIME = Duration.ofSeconds(30);
    private static final Duration AGGREGATES = Duration.ofSeconds(3);
    private static final Duration CATCH_UP = Duration.ofSeconds(30);

    /** The JVM writes its record when it ends. */
    private static final Duration RECORDED = Duration.ofMinutes(3);

    private final List<String> command;
    private final Consumer<String> progress;

    /**
     * A training.
     *
     * @param command what starts the command line in a JVM of its own
     */
    public CodeTraining(List<String> command, Consumer<String> progress) {
        this.command = command;
        this.progress = progress;
    }

    /**
     * Runs it.
     *
     * @param cache where the record goes
     * @throws Exception when the server cannot be started, or refuses something, or there is no record in the end
     */
    public void run(Path cache) throws Exception {
        List<String> recording = new ArrayList<>(command);
        recording.addAll(1, List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:disable"));
        try (Workplace workplace = Workplace.open()) {
            try {
                Cluster cluster = workplace.start(recording, TierSet.ALL);
                train(cluster);
                progress.accept("writing the record");
                cluster.close(RECORDED);
                workplace.remove(cluster);
            } catch (Exception failed) {
                workplace.parkWhenEnding();
                throw failed;
            }
        }
        if (!Files.exists(cache)) {
            throw new IllegalStateException("the JVM wrote no " + cache);
        }
    }

    private void train(Cluster cluster) throws Exception {
        progress.accept("batches");
        Inventory inventory = new Inventory(SEED);
        InventoryLoad load = new InventoryLoad(cluster, inventory, INVENTORY_TENANT, line -> {});
        load.register(Set.of("country", "score"), true);
        load.write(ENTITIES);
        progress.accept("single writes and reads");
        Dataset dataset = new Dataset(SEED, ATTRIBUTES);
        Registration.register(cluster, dataset, TENANT);
        EntityJson json = new EntityJson(dataset);
        for (long round = 0; round < WRITE_ROUNDS; round++) {
            long before = round * SINGLES;
            send(
                    cluster,
                    id -> Requests.put("/api/v1/entities/" + (before + id), TENANT, json.body(TENANT, before + id)));
        }
        cluster.awaitCaughtUp(CATCH_UP);
        for (String freshness : List.of("realtime", "operational")) {
            List<String> headers = List.of("X-Freshness-Requirement: " + freshness);
            send(cluster, id -> Requests.get("/api/v1/entities/" + (1 + id % ENTITIES), INVENTORY_TENANT, headers));
        }
        progress.accept("filters");
        load.vacuum();
        new AtlasWorkload(inventory, ENTITIES, FILTERS, SEED).warmUp(cluster.url(), INVENTORY_TENANT, FILTER_TIME);
        progress.accept("aggregates");
        AggregateWorkload.run(cluster.url(), INVENTORY_TENANT, inventory, AGGREGATES);
    }

    private static void send(Cluster cluster, LongFunction<byte[]> request) throws Exception {
        List<byte[]> requests =
                LongStream.rangeClosed(1, SINGLES).mapToObj(request).toList();
        try (RequestLoad load = RequestLoad.open(cluster.url(), CONNECTIONS)) {
            load.closedLoop(requests);
        }
    }
}
