package com.atlasco.atlas.bench.crash;

import com.atlasco.atlas.postgres.check.PivotCheck;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Compares the primary with what was acknowledged, and the pivot with the documents. Used by one thread. */
final class Inspection {

    private final Client client;
    private final Ledger ledger;
    private final Consumer<String> violation;
    private final Map<Ledger.Verdict, Long> verdicts = new EnumMap<>(Ledger.Verdict.class);
    private long pivotDifferences;
    private long checkedValues;

    Inspection(Client client, Ledger ledger, Consumer<String> violation) {
        this.client = client;
        this.ledger = ledger;
        this.violation = violation;
        for (Ledger.Verdict verdict : Ledger.Verdict.values()) {
            verdicts.put(verdict, 0L);
        }
    }

    /** Nobody may write meanwhile. Afterwards the ledger knows the outcome of every write. */
    void documents() throws IOException, InterruptedException {
        Map<Long, JsonNode> found = client.entities(Operation.ENTITY_TYPE, "realtime", Optional.empty());
        found.remove(Client.PROBE_ENTITY);
        Set<Long> all = new HashSet<>(found.keySet());
        ledger.entities().forEach(all::add);
        for (long entityId : all) {
            Ledger.Entry expected = ledger.entry(entityId);
            Ledger.Verdict verdict = ledger.look(entityId, Optional.ofNullable(found.get(entityId)));
            verdicts.merge(verdict, 1L, Long::sum);
            if (verdict == Ledger.Verdict.LOST || verdict == Ledger.Verdict.HALF) {
                violation.accept("entity %d is %s: expected %s, found %s"
                        .formatted(entityId, verdict, expected, found.get(entityId)));
            }
        }
    }

    /**
     * Counts what the pivot lacks and has too much.
     *
     * @param patienceSeconds for a pivot that is being filled or emptied, because an attribute's flag was changed; else 0
     */
    void pivot(long patienceSeconds) throws IOException, InterruptedException {
        JsonNode primary = client.status().path("primary");
        String url = "jdbc:postgresql://%s:%d/%s"
                .formatted(
                        primary.path("host").asText(),
                        primary.path("port").intValue(),
                        primary.path("database").asText());
        long begun = System.nanoTime();
        PivotCheck.Report pivot = PivotCheck.run(url, primary.path("user").asText(), "");
        while (!pivot.isEqual() && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(patienceSeconds)) {
            TimeUnit.MILLISECONDS.sleep(200);
            pivot = PivotCheck.run(url, primary.path("user").asText(), "");
        }
        checkedValues = pivot.values();
        if (!pivot.isEqual()) {
            pivotDifferences += pivot.missing() + pivot.surplus() + pivot.unregistered();
            violation.accept("the pivot differs from the documents: " + pivot);
        }
    }

    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("unknown_present", verdicts.get(Ledger.Verdict.UNKNOWN_IS_PRESENT));
        figures.put("unknown_absent", verdicts.get(Ledger.Verdict.UNKNOWN_IS_ABSENT));
        figures.put("lost_writes", verdicts.get(Ledger.Verdict.LOST));
        figures.put("half_written", verdicts.get(Ledger.Verdict.HALF));
        figures.put("pivot_differences", pivotDifferences);
        figures.put("pivot_values", checkedValues);
        return figures;
    }
}
