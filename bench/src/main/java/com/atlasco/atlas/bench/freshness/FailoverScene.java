package com.atlasco.atlas.bench.freshness;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;

/**
 * The replica takes over. Its commits wait for the replica: otherwise a promotion may lose what was acknowledged.
 */
final class FailoverScene implements Scene {

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public List<String> options() {
        return List.of("--synchronous");
    }

    @Override
    public List<Fault> faults(Servers servers, Stage stage) {
        return List.of(new Fault(
                "replica_promoted",
                () -> promote(servers),
                () -> {
                    servers.atlas().stop();
                    servers.launch();
                },
                "primary",
                Fault.BITES_BY_ITSELF,
                false,
                false));
    }

    static void promote(Servers servers) throws Exception {
        try (Connection replica = servers.superuser("replica");
                Statement statement = replica.createStatement();
                ResultSet promoted = statement.executeQuery("SELECT pg_promote()")) {
            promoted.next();
            if (!promoted.getBoolean(1)) {
                throw new IllegalStateException("the replica was not promoted");
            }
        }
    }
}
