package com.atlasco.atlas.bench.inventory;

import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.copy.BinaryCopy;
import com.atlasco.atlas.bench.dataset.EntitySource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Fills the tables of the peers: rows by COPY, then their indexes, then VACUUM ANALYZE; two tables at a time. */
public final class PeerLoad {

    private static final int CHUNK = 4_000;
    private static final int LANES = 2;

    private final Cluster cluster;
    private final EntitySource source;
    private final PeerTable.Attributes attributes;
    private final long entities;
    private final Consumer<String> progress;

    public PeerLoad(
            Cluster cluster,
            EntitySource source,
            PeerTable.Attributes attributes,
            long entities,
            Consumer<String> progress) {
        this.cluster = cluster;
        this.source = source;
        this.attributes = attributes;
        this.entities = entities;
        this.progress = progress;
    }

    /** Makes the database and fills these tables. */
    public void load(List<PeerTable> tables) throws Exception {
        cluster.createDatabase(PeerTable.DATABASE);
        try (ExecutorService lanes = Executors.newFixedThreadPool(
                LANES, Thread.ofPlatform().name("bench-load-", 0).factory())) {
            List<Future<PeerTable>> loads = tables.stream()
                    .map(table -> lanes.submit((Callable<PeerTable>) () -> load(table)))
                    .toList();
            for (Future<PeerTable> load : loads) {
                await(load);
            }
        }
    }

    private static void await(Future<PeerTable> load) throws Exception {
        try {
            load.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
    }

    private PeerTable load(PeerTable table) throws SQLException {
        long began = System.nanoTime();
        try (Connection connection = cluster.connect(PeerTable.DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute("SET maintenance_work_mem = '512MB'");
            statement.execute("CREATE SCHEMA " + table.schema());
            for (String sql : table.tables(source.attributes())) {
                statement.execute(sql);
            }
            connection.setAutoCommit(false);
            for (long first = 1; first <= entities; first += CHUNK) {
                BinaryCopy copy = new BinaryCopy();
                for (long id = first; id < Math.min(first + CHUNK, entities + 1); id++) {
                    table.append(copy, attributes, id, source.entity(id));
                }
                copy.copy(connection, table.copy(source.attributes()));
            }
            connection.commit();
            connection.setAutoCommit(true);
            say(table, "rows", began);
            for (String sql : table.indexes(source.attributes())) {
                statement.execute(sql);
            }
            say(table, "indexes", began);
            vacuum(statement, table, began);
            return table;
        }
    }

    private void vacuum(Statement statement, PeerTable table, long began) throws SQLException {
        String name = switch (table) {
            case SEED -> "seed.eav";
            case JSONB -> "jsonb_gin.document";
            case WIDE -> "wide.asset";
        };
        statement.execute("VACUUM (ANALYZE) " + name);
        say(table, "vacuum and statistics", began);
    }

    private void say(PeerTable table, String what, long began) {
        progress.accept("%s: %s, %.0f s".formatted(table.schema(), what, (System.nanoTime() - began) / 1e9));
    }

    /** The ids that Atlas gave to the attributes of a tenant. */
    public static PeerTable.Attributes attributes(Cluster cluster, EntitySource source, long tenant)
            throws SQLException {
        try (Connection connection = cluster.connect()) {
            List<Integer> ids = new ArrayList<>();
            for (var attribute : source.attributes()) {
                ids.add(Integer.parseInt(Cluster.one(
                        connection,
                        "SELECT attribute_id::text FROM attr_type WHERE tenant_id = %d AND name = '%s'"
                                .formatted(tenant, attribute.name()))));
            }
            return new PeerTable.Attributes(tenant, source.attributes(), List.copyOf(ids));
        }
    }
}
