package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.cluster.Registration;
import com.atlasco.atlas.bench.dataset.Dataset;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Where contestants meet: one cluster, one data set, the tenants, and the ids that have been used. One thread. */
final class Field implements AutoCloseable {

    static final int TRANSACTION = 1_000;

    private static final long FIRST_TENANT = 101;
    private static final long FIRST_SINGLE_ID = 1_000_000_000L;

    private final Cluster cluster;
    private final Dataset dataset;
    private final List<Tenant> tenants;
    private final Map<PeerDatabase, List<Connection>> connections = new EnumMap<>(PeerDatabase.class);
    private final List<Connection> readers = new ArrayList<>();
    private final Map<String, Long> nextIds = new HashMap<>();
    private final SplittableRandom random;

    private Field(Cluster cluster, Dataset dataset, List<Tenant> tenants, long seed) {
        this.cluster = cluster;
        this.dataset = dataset;
        this.tenants = tenants;
        this.random = new SplittableRandom(seed);
    }

    static Field open(Cluster cluster, Dataset dataset, int tenants, long seed) throws IOException, SQLException {
        List<Tenant> registered = new ArrayList<>();
        try (Connection connection = cluster.connect()) {
            for (long id = FIRST_TENANT; id < FIRST_TENANT + tenants; id++) {
                Registration.register(cluster, dataset, id);
                registered.add(new Tenant(id, attributeIds(connection, id, dataset)));
            }
        }
        return new Field(cluster, dataset, List.copyOf(registered), seed);
    }

    /** As Atlas gave them out: the peers store the same ids, and so fill the same partitions. */
    private static List<Integer> attributeIds(Connection connection, long tenant, Dataset dataset) throws SQLException {
        Map<String, Integer> ids = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT name, attribute_id FROM attr_type WHERE tenant_id = ?")) {
            statement.setLong(1, tenant);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.put(rows.getString(1), rows.getInt(2));
                }
            }
        }
        return dataset.attributes().stream()
                .map(attribute -> ids.getOrDefault(attribute.name(), 0))
                .toList();
    }

    Cluster cluster() {
        return cluster;
    }

    Dataset dataset() {
        return dataset;
    }

    List<Tenant> tenants() {
        return tenants;
    }

    Tenant tenant(long turn) {
        return tenants.get((int) (turn % tenants.size()));
    }

    /** The first of so many ids that nobody has used in that place, in blocks of a transaction. */
    long takeIds(String place, int count) {
        long first = nextIds.getOrDefault(place, 1L);
        nextIds.put(place, first + (count + TRANSACTION - 1L) / TRANSACTION * TRANSACTION);
        return first;
    }

    long takeSingleIds(String place, int count) {
        return FIRST_SINGLE_ID + takeIds(place + " single", count);
    }

    /** The tenant of a block of ids: blocks go round the tenants. */
    Tenant tenantOf(long entityId) {
        return tenant((entityId - 1) / TRANSACTION);
    }

    /** One of the ids that have been taken in that place. */
    long randomId(String place) {
        return 1 + random.nextLong(nextIds.getOrDefault(place, 2L) - 1);
    }

    /** The last of the ids that have been taken in that place, in blocks of a transaction from 1; 0 of none. */
    long lastId(String place) {
        return nextIds.getOrDefault(place, 1L) - 1;
    }

    boolean isEmpty(String place) {
        return !nextIds.containsKey(place);
    }

    /** Connections to a peer's database, without autocommit; made when first asked for, and kept. */
    List<Connection> connections(PeerDatabase database, int count) throws SQLException {
        if (!connections.containsKey(database)) {
            database.create(cluster, tenants);
            connections.put(database, new ArrayList<>());
        }
        List<Connection> open = connections.get(database);
        while (open.size() < count) {
            Connection connection = cluster.connect(database.database());
            connection.setAutoCommit(false);
            open.add(connection);
        }
        return open.subList(0, count);
    }

    /** Connections to Atlas's own database, for reading; made when first asked for, and kept. */
    List<Connection> readers(int count) throws SQLException {
        while (readers.size() < count) {
            readers.add(cluster.connect());
        }
        return readers.subList(0, count);
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : readers) {
            connection.close();
        }
        for (List<Connection> each : connections.values()) {
            for (Connection connection : each) {
                connection.close();
            }
        }
    }
}
