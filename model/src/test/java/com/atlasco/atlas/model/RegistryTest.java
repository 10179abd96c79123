package com.atlasco.atlas.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RegistryTest {

    private static final long SEED = Long.getLong("atlas.seed", 7L);

    /** Random additions, changes, renames and exchanges of names, against a map. */
    @Test
    void changesAddUpToWhatAMapHolds() {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        Registry registry = Registry.empty();
        Map<Integer, AttributeType> model = new TreeMap<>();
        for (int round = 0; round < 1_500; round++) {
            Map<Integer, AttributeType> changed = new TreeMap<>();
            int changes = 1 + random.nextInt(round % 100 == 0 ? 200 : 3);
            for (int i = 0; i < changes; i++) {
                int id = 1 + random.nextInt(600);
                changed.put(id, type(id, "a" + id, random));
            }
            if (random.nextInt(4) == 0 && model.size() > 2) {
                List<Integer> ids = new ArrayList<>(model.keySet());
                int one = ids.get(random.nextInt(ids.size()));
                int other = ids.get(random.nextInt(ids.size()));
                changed.clear();
                changed.put(one, type(one, name(model, other), random));
                changed.put(other, type(other, name(model, one), random));
            } else {
                // Only what does not take a name that another one has now.
                changed.values()
                        .removeIf(type -> model.values().stream()
                                .anyMatch(other -> other.attributeId() != type.attributeId()
                                        && other.name().equals(type.name())));
            }
            registry = registry.with(changed.values());
            model.putAll(changed);
            if (round % 10 == 0 || round > 1_450) {
                assertIs(registry, model);
            }
        }
    }

    @Test
    void anEntityLacksWhatItsTypeRequires() {
        AttributeType serial = type(1, "serial", Set.of("device", "pump"), false);
        AttributeType colour = type(2, "colour", Set.of("device"), false);
        AttributeType old = type(3, "old", Set.of("device"), true);
        Registry registry = Registry.of(List.of(serial, colour, old));
        Document full = Document.of(Map.of(1, new Value.TextValue("s"), 2, new Value.TextValue("red")));

        assertThat(registry.missing("device", full)).isEmpty();
        assertThat(registry.missing("valve", Document.empty())).isEmpty();
        assertThat(registry.missing("device", Document.empty()).orElseThrow().detail())
                .contains("'serial', 'colour'")
                .doesNotContain("old");
        assertThat(registry.missing("pump", Document.empty()).orElseThrow().place())
                .contains("/attributes/serial");
        assertThat(registry.with(List.of(type(1, "serial", Set.of(), false))).missing("pump", Document.empty()))
                .isEmpty();
    }

    private static void assertIs(Registry registry, Map<Integer, AttributeType> model) {
        assertThat(registry.size()).isEqualTo(model.size());
        assertThat(registry.types()).hasSameSizeAs(model.values()).containsAll(model.values());
        for (int id = 1; id <= 600; id++) {
            assertThat(registry.find(id)).isEqualTo(Optional.ofNullable(model.get(id)));
            String name = "a" + id;
            assertThat(registry.find(name))
                    .isEqualTo(model.values().stream()
                            .filter(type -> type.name().equals(name))
                            .findFirst());
        }
        for (String entityType : List.of("x", "y")) {
            assertThat(registry.missing(entityType, Document.empty()).isPresent())
                    .isEqualTo(model.values().stream()
                            .anyMatch(type -> type.constraints().requiredFor().contains(entityType)));
        }
    }

    private static String name(Map<Integer, AttributeType> model, int id) {
        return Optional.ofNullable(model.get(id)).orElseThrow().name();
    }

    private static AttributeType type(int id, String name, Random random) {
        return type(id, name, random.nextInt(400) == 0 ? Set.of("x", "y") : Set.of(), false);
    }

    private static AttributeType type(int id, String name, Set<String> requiredFor, boolean retired) {
        SortedSet<String> types = new TreeSet<>(requiredFor);
        return new AttributeType(
                id,
                name,
                DataType.TEXT,
                true,
                false,
                Optional.empty(),
                Optional.empty(),
                new Constraints(
                        Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), types),
                PivotState.READY,
                retired);
    }
}
