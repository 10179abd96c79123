package com.atlasco.atlas.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Compares the columnar store with the model: each entity as it is now, and what became of some. Used by one thread. */
final class ColumnarModel {

    private static final Optional<String> OLAP = Optional.of("olap");
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int HISTORIES = 10;

    private final Client client;
    private final Ledger ledger;
    private final RegistryChanges registry;
    private final Consumer<String> violation;

    ColumnarModel(Client client, Ledger ledger, RegistryChanges registry, Consumer<String> violation) {
        this.client = client;
        this.ledger = ledger;
        this.registry = registry;
        this.violation = violation;
    }

    /**
     * It has to come to it by itself. Nobody may write meanwhile.
     *
     * @return after how many milliseconds it had
     */
    long await() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        while (true) {
            List<String> differences = differences();
            long taken = System.nanoTime() - begun;
            if (differences.isEmpty()) {
                return taken / 1_000_000;
            }
            if (taken > PATIENCE_NANOS) {
                violation.accept("the columnar store differs from the model after five minutes in %d places: %s"
                        .formatted(differences.size(), differences.subList(0, Math.min(5, differences.size()))));
                return taken / 1_000_000;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private List<String> differences() throws InterruptedException {
        Map<Long, JsonNode> found;
        Map<Long, JsonNode> registered;
        try {
            found = client.entities(Operation.ENTITY_TYPE, "batch", OLAP);
            registered = client.entities(RegistryChanges.ENTITY_TYPE, "batch", OLAP);
        } catch (IOException notServing) {
            return List.of("it does not serve: " + notServing.getMessage());
        }
        found.remove(Client.PROBE_ENTITY);
        List<String> differences = new ArrayList<>();
        Set<Long> all = new HashSet<>(found.keySet());
        ledger.entities().forEach(all::add);
        for (long entityId : all) {
            Ledger.Entry expected = ledger.entry(entityId);
            Optional<JsonNode> entity = Optional.ofNullable(found.get(entityId));
            long version = entity.map(node -> node.path("version").longValue()).orElse(0L);
            if (!entity.map(State::of).orElse(State.ABSENT).equals(expected.acknowledged())
                    || version != expected.version()) {
                differences.add("entity %d is %s, not %s".formatted(entityId, entity, expected));
            }
        }
        Map<Long, Map<String, Double>> attributes = RegistryChanges.found(registered);
        Map<Long, Map<String, Double>> expected = registry.expected();
        if (!attributes.equals(expected)) {
            differences.add("entities with attributes of their own are %s, not %s".formatted(attributes, expected));
        }
        return differences;
    }

    /**
     * Looks at what became of some entities: a change is there once, and the last one of each attribute is what the
     * entity has now.
     *
     * @return changes looked at
     */
    long histories(SplittableRandom random) throws IOException, InterruptedException {
        List<Long> entities = new ArrayList<>();
        ledger.entities().forEach(entities::add);
        long looked = 0;
        for (int i = 0; i < HISTORIES && !entities.isEmpty(); i++) {
            looked += history(entities.get(random.nextInt(entities.size())));
        }
        return looked;
    }

    private long history(long entityId) throws IOException, InterruptedException {
        Map<String, Integer> times = new HashMap<>();
        Map<String, JsonNode> newest = new HashMap<>();
        long looked = 0;
        String cursor = "";
        do {
            JsonNode page = Client.json(
                    client.call("GET", "/api/v1/entities/" + entityId + "/history?limit=1000" + cursor, "", 200));
            for (JsonNode change : page.path("changes")) {
                looked++;
                if (change.hasNonNull("attribute")) {
                    String attribute = change.path("attribute").asText();
                    times.merge(attribute + " at version " + change.path("version"), 1, Integer::sum);
                    newest.putIfAbsent(attribute, change);
                }
            }
            cursor = page.path("next_cursor").isTextual()
                    ? "&cursor=" + page.path("next_cursor").asText()
                    : "";
        } while (!cursor.isEmpty());
        times.forEach((change, count) -> {
            if (count > 1) {
                violation.accept("the history of entity %d has %s %d times".formatted(entityId, change, count));
            }
        });
        Ledger.Entry now = ledger.entry(entityId);
        now.acknowledged().writes().forEach((attribute, write) -> {
            JsonNode change = newest.get(attribute);
            State told =
                    change == null || !change.has("value") ? State.ABSENT : State.ofOne(attribute, change.get("value"));
            if (!write.equals(told.writes().get(attribute))) {
                violation.accept("the history of entity %d ends with %s for %s, which is of write %d"
                        .formatted(entityId, change, attribute, write));
            }
        });
        return looked;
    }
}
