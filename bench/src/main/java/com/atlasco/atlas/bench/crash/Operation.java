package com.atlasco.atlas.bench.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One write of one entity.
 *
 * @param name create, replace, patch, merge or delete, as a batch calls them
 * @param after what the entity is when it has taken place
 */
record Operation(String name, long entityId, List<String> set, List<String> removed, long write, State after) {

    static final String ENTITY_TYPE = "crash";

    /** A random one that is sure to be accepted, and to change the entity. */
    static Operation random(SplittableRandom random, long entityId, State before, long write, boolean inBatch) {
        List<String> all = List.copyOf(State.TYPES.keySet());
        if (!before.exists()) {
            String name = inBatch && random.nextBoolean() ? "merge" : random.nextBoolean() ? "create" : "replace";
            return new Operation(name, entityId, all, List.of(), write, State.ABSENT.with(all, List.of(), write));
        }
        int dice = random.nextInt(100);
        if (dice < 12) {
            return new Operation("delete", entityId, List.of(), List.of(), write, State.ABSENT);
        }
        if (dice < 45) {
            return new Operation("replace", entityId, all, List.of(), write, State.ABSENT.with(all, List.of(), write));
        }
        List<String> set = new ArrayList<>(List.of(State.NUMBER));
        List<String> removed = new ArrayList<>();
        for (String attribute : all) {
            int choice = attribute.equals(State.NUMBER) ? 9 : random.nextInt(10);
            if (choice < 5) {
                set.add(attribute);
            } else if (choice < 7) {
                removed.add(attribute);
            }
        }
        String name = inBatch && random.nextBoolean() ? "merge" : "patch";
        return new Operation(name, entityId, set, removed, write, before.with(set, removed, write));
    }

    String attributes() {
        StringBuilder json = new StringBuilder("{");
        set.forEach(attribute -> member(json, attribute, State.value(attribute, write)));
        removed.forEach(attribute -> member(json, attribute, "null"));
        return json.append('}').toString();
    }

    private static void member(StringBuilder json, String name, String value) {
        json.append(json.length() == 1 ? "" : ",")
                .append('"')
                .append(name)
                .append("\":")
                .append(value);
    }

    /** As the body of a request for this entity alone. */
    String body() {
        return name.equals("create")
                ? "{\"entity_id\":%d,\"entity_type\":\"%s\",\"attributes\":%s}"
                        .formatted(entityId, ENTITY_TYPE, attributes())
                : "{\"entity_type\":\"%s\",\"attributes\":%s}".formatted(ENTITY_TYPE, attributes());
    }

    /** As an item of a batch. */
    String item() {
        return name.equals("delete")
                ? "{\"op\":\"delete\",\"entity_id\":%d}".formatted(entityId)
                : "{\"op\":\"%s\",\"entity_id\":%d,\"entity_type\":\"%s\",\"attributes\":%s}"
                        .formatted(name, entityId, ENTITY_TYPE, attributes());
    }
}
