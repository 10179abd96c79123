package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.cluster.Cluster;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** The databases of the peers, beside Atlas's own on the same servers. */
enum PeerDatabase {

    /** Atlas's own schema, publication included, by its own migrations; for COPY. */
    LIMIT_COPY("bench_limit_copy") {
        @Override
        void prepare(Cluster cluster, List<Tenant> tenants) throws SQLException {
            migrate(cluster, tenants);
        }
    },

    /** The same for INSERT: with one of its own, no way finds tables that have grown faster than Atlas's. */
    LIMIT_UNNEST("bench_limit_unnest") {
        @Override
        void prepare(Cluster cluster, List<Tenant> tenants) throws SQLException {
            migrate(cluster, tenants);
        }
    },

    /** The classic entity–attribute–value table, with an index for the entity and one for each type of value. */
    EAV("bench_seed") {
        @Override
        void prepare(Cluster cluster, List<Tenant> tenants) throws SQLException {
            execute(cluster, """
                    CREATE TABLE eav (
                        tenant_id    bigint  NOT NULL,
                        attribute_id integer NOT NULL,
                        entity_id    bigint  NOT NULL,
                        value_number double precision,
                        value_text   text COLLATE "C",
                        value_ts     timestamptz,
                        value_bool   boolean,
                        value_jsonb  jsonb,
                        updated_at   timestamptz NOT NULL DEFAULT now(),
                        PRIMARY KEY (tenant_id, entity_id, attribute_id)
                    ) PARTITION BY HASH (attribute_id);
                    CREATE INDEX ON eav (tenant_id, attribute_id, value_number, entity_id) WHERE value_number IS NOT NULL;
                    CREATE INDEX ON eav (tenant_id, attribute_id, value_text, entity_id) WHERE value_text IS NOT NULL;
                    CREATE INDEX ON eav (tenant_id, attribute_id, value_ts, entity_id) WHERE value_ts IS NOT NULL;
                    CREATE INDEX ON eav (tenant_id, attribute_id, value_bool, entity_id) WHERE value_bool IS NOT NULL;
                    DO $$
                    BEGIN
                        FOR i IN 0..15 LOOP
                            EXECUTE format(
                                'CREATE TABLE eav_p%s PARTITION OF eav FOR VALUES WITH (MODULUS 16, REMAINDER %s)', i, i);
                        END LOOP;
                    END
                    $$""");
        }
    },

    /** A document with an index over everything in it. */
    JSONB("bench_jsonb_gin") {
        @Override
        void prepare(Cluster cluster, List<Tenant> tenants) throws SQLException {
            execute(cluster, """
                    CREATE TABLE document (
                        tenant_id   bigint      NOT NULL,
                        entity_id   bigint      NOT NULL,
                        entity_type text        NOT NULL COLLATE "C",
                        version     bigint      NOT NULL,
                        document    jsonb       NOT NULL,
                        updated_at  timestamptz NOT NULL,
                        PRIMARY KEY (tenant_id, entity_id)
                    );
                    CREATE INDEX ON document USING gin (document jsonb_path_ops)""");
        }
    };

    private final String database;

    PeerDatabase(String database) {
        this.database = database;
    }

    String database() {
        return database;
    }

    /** Makes its tables. */
    abstract void prepare(Cluster cluster, List<Tenant> tenants) throws SQLException;

    void create(Cluster cluster, List<Tenant> tenants) throws SQLException {
        cluster.createDatabase(database);
        prepare(cluster, tenants);
    }

    void migrate(Cluster cluster, List<Tenant> tenants) throws SQLException {
        Flyway.configure()
                .dataSource(cluster.jdbcUrl(database), cluster.user(), cluster.password())
                .locations("classpath:com/atlasco/atlas/postgres/migration")
                .placeholders(Map.of("service_role", "atlas_service"))
                .load()
                .migrate();
        try (Connection connection = cluster.connect(database);
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO tenant (tenant_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
            for (Tenant tenant : tenants) {
                statement.setLong(1, tenant.id());
                statement.setString(2, "bench " + tenant.id());
                statement.executeUpdate();
            }
        }
    }

    void execute(Cluster cluster, String sql) throws SQLException {
        try (Connection connection = cluster.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
