package com.atlasco.atlas.bench.aggregate;

import com.atlasco.atlas.bench.inventory.Inventory;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The aggregations of the workload asked of Atlas alone. */
public final class AggregateWorkload {

    private AggregateWorkload() {}

    /**
     * Asks them one after another, again and again, for so long.
     *
     * @throws IOException when one is refused
     */
    public static void run(URI url, long tenant, Inventory inventory, Duration time) throws IOException, SQLException {
        List<AggregateCase> cases = new Aggregations(inventory).all();
        long end = System.nanoTime() + time.toNanos();
        try (AtlasAggregate atlas = new AtlasAggregate(url, tenant)) {
            for (int turn = 0; System.nanoTime() < end; turn++) {
                try (Contender.Question question = atlas.prepare(cases.get(turn % cases.size()))) {
                    question.ask();
                }
            }
        }
    }
}
