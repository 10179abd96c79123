package com.atlasco.atlas.bench.inventory;

import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.dataset.Dataset;
import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.dataset.EntitySource;
import com.atlasco.atlas.bench.http.BatchLoad;
import com.atlasco.atlas.bench.http.HttpConnection;
import com.atlasco.atlas.bench.http.Requests;
import com.atlasco.atlas.model.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Fills Atlas as its users do: attributes registered, entities as batches over two connections. */
public final class InventoryLoad {

    private static final int SLAB = 50_000;
    private static final int CONNECTIONS = 2;

    private final Cluster cluster;
    private final EntitySource source;
    private final long tenant;
    private final Consumer<String> progress;

    public InventoryLoad(Cluster cluster, EntitySource source, long tenant, Consumer<String> progress) {
        this.cluster = cluster;
        this.source = source;
        this.tenant = tenant;
        this.progress = progress;
    }

    /**
     * Registers the attributes.
     *
     * @param hot the names of those with a column of their own in the columnar store
     * @param filterable whether the primary keeps an index of them, which the columnar store needs not
     */
    public void register(Set<String> hot, boolean filterable) throws IOException {
        try (HttpConnection connection = HttpConnection.open(cluster.url())) {
            for (Attribute attribute : source.attributes()) {
                byte[] definition = "{\"data_type\":\"%s\",\"hot\":%s,\"filterable\":%s}"
                        .formatted(attribute.type().wireName(), hot.contains(attribute.name()), filterable)
                        .getBytes(StandardCharsets.UTF_8);
                HttpConnection.Response response =
                        connection.exchange(Requests.put("/api/v1/attributes/" + attribute.name(), tenant, definition));
                if (response.status() >= 300) {
                    throw new IOException("registering an attribute answered " + response.body());
                }
            }
        }
    }

    /** Writes the entities from 1 on. */
    public void write(long entities) throws IOException, InterruptedException {
        long began = System.nanoTime();
        for (long next = 1; next <= entities; next += SLAB) {
            long end = Math.min(entities + 1, next + SLAB);
            long share = (end - next + CONNECTIONS - 1) / CONNECTIONS;
            List<List<BatchLoad.Batch>> lanes = new ArrayList<>();
            for (long first = next; first < end; first += share) {
                long last = Math.min(end, first + share);
                lanes.add(List.of(new BatchLoad.Batch(tenant, lines(first, last), (int) (last - first))));
            }
            send(lanes);
            double seconds = (System.nanoTime() - began) / 1e9;
            progress.accept("atlas: %,d of %,d entities, %,.0f/s".formatted(end - 1, entities, (end - 1) / seconds));
        }
    }

    /** Once more when it fails, as on a machine that is too busy for the deadlines of writes: merging twice is merging. */
    private void send(List<List<BatchLoad.Batch>> lanes) throws IOException, InterruptedException {
        try {
            BatchLoad.run(cluster.url(), lanes);
        } catch (IOException failed) {
            progress.accept("atlas: again, since " + failed.getMessage());
            BatchLoad.run(cluster.url(), lanes);
        }
    }

    /** Leaves nothing to do for autovacuum, and PostgreSQL's statistics current. */
    public void vacuum() throws SQLException, IOException, InterruptedException {
        long began = System.nanoTime();
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET maintenance_work_mem = '512MB'");
            statement.execute("VACUUM (ANALYZE) entity, entity_attribute");
        }
        cluster.awaitQuiet(Duration.ofMinutes(1));
        progress.accept("atlas: vacuum and statistics, %.0f s".formatted((System.nanoTime() - began) / 1e9));
    }

    private byte[] lines(long first, long end) {
        StringBuilder json = new StringBuilder();
        for (long entityId = first; entityId < end; entityId++) {
            json.append("{\"entity_id\":")
                    .append(entityId)
                    .append(",\"entity_type\":\"")
                    .append(Dataset.ENTITY_TYPE)
                    .append("\",\"attributes\":{");
            List<Optional<Value>> values = source.entity(entityId);
            String separator = "\"";
            for (int i = 0; i < values.size(); i++) {
                if (values.get(i).isPresent()) {
                    json.append(separator)
                            .append(source.attributes().get(i).name())
                            .append("\":")
                            .append(PeerTable.json(values.get(i).get()));
                    separator = ",\"";
                }
            }
            json.append("}}\n");
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
