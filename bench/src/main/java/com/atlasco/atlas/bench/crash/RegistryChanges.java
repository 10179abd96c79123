package com.atlasco.atlas.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Changes the registry under load, with attributes and entities of its own and with the flags of those that the load
 * writes. Used by one thread.
 */
final class RegistryChanges {

    static final String ENTITY_TYPE = "registry";

    private static final long FIRST_ENTITY = 2_000_000;
    private static final int ENTITIES = 20;

    private final Client client;
    private final SplittableRandom random;
    private final List<Extra> extras = new ArrayList<>();

    /** An attribute that only some entities have. */
    private static final class Extra {
        private final long firstEntity;
        private String name;
        private boolean retired;

        Extra(String name, long firstEntity) {
            this.name = name;
            this.firstEntity = firstEntity;
        }
    }

    RegistryChanges(Client client, SplittableRandom random) {
        this.client = client;
        this.random = random;
    }

    void change() throws IOException, InterruptedException {
        add();
        flip(State.UNINDEXED);
        flip(State.TEXT);
        Extra other = extras.get(random.nextInt(extras.size()));
        String renamed = "extra_" + extras.size() + "_" + random.nextInt(1_000_000);
        if (other.retired) {
            client.call("POST", path(other.name) + "/restore", "", 200);
            other.retired = false;
        } else if (random.nextBoolean()) {
            client.call("DELETE", path(other.name), "", 200, 204);
            other.retired = true;
        } else {
            client.call("POST", path(other.name) + "/rename", "{\"name\":\"" + renamed + "\"}", 200);
            other.name = renamed;
        }
    }

    private void add() throws IOException, InterruptedException {
        Extra extra = new Extra("extra_" + extras.size(), FIRST_ENTITY + (long) extras.size() * ENTITIES);
        client.call(
                "PUT",
                path(extra.name),
                "{\"data_type\":\"number\",\"filterable\":%s,\"hot\":%s}"
                        .formatted(random.nextBoolean(), random.nextBoolean()),
                201);
        for (long id = extra.firstEntity; id < extra.firstEntity + ENTITIES; id++) {
            client.call(
                    "PUT",
                    "/api/v1/entities/" + id,
                    "{\"entity_type\":\"%s\",\"attributes\":{\"%s\":%d}}".formatted(ENTITY_TYPE, extra.name, id),
                    200,
                    201);
        }
        extras.add(extra);
    }

    /** Gives an attribute that the load writes other flags. */
    private void flip(String attribute) throws IOException, InterruptedException {
        client.call(
                "PUT",
                path(attribute),
                "{\"data_type\":\"%s\",\"filterable\":%s,\"hot\":%s}"
                        .formatted(State.TYPES.get(attribute), random.nextBoolean(), random.nextBoolean()),
                200,
                202);
    }

    private static String path(String attribute) {
        return "/api/v1/attributes/" + attribute;
    }

    /** What the entities of this type have to be: attributes by entity. */
    Map<Long, Map<String, Double>> expected() {
        Map<Long, Map<String, Double>> expected = new TreeMap<>();
        for (Extra extra : extras) {
            for (long id = extra.firstEntity; id < extra.firstEntity + ENTITIES; id++) {
                expected.put(id, Map.of(extra.name, (double) id));
            }
        }
        return expected;
    }

    static Map<Long, Map<String, Double>> found(Map<Long, JsonNode> entities) {
        Map<Long, Map<String, Double>> found = new TreeMap<>();
        entities.forEach((id, entity) -> {
            Map<String, Double> attributes = new TreeMap<>();
            entity.path("attributes")
                    .properties()
                    .forEach(attribute -> attributes.put(
                            attribute.getKey(), attribute.getValue().doubleValue()));
            found.put(id, attributes);
        });
        return found;
    }
}
