package com.atlasco.atlas.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AttributeMapTest {

    @Test
    void isASortedMapLikeAnother() {
        long seed = 5;
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            TreeMap<Integer, String> model = new TreeMap<>();
            AttributeMap.Builder<String> builder = new AttributeMap.Builder<>(random.nextInt(8));
            for (int count = random.nextInt(20); count > 0; count--) {
                int id = 1 + random.nextInt(20);
                String value = "v" + random.nextInt(3);
                assertThat(builder.put(id, value)).isEqualTo(model.put(id, value) == null);
            }
            AttributeMap<String> map = builder.build();
            assertThat(map).as("seed %d", seed).isEqualTo(model).hasSameHashCodeAs(model);
            assertThat(model).isEqualTo(map);
            assertThat(map).isEqualTo(AttributeMap.copyOf(new LinkedHashMap<>(model.descendingMap())));
            assertThat(map.keySet()).containsExactlyElementsOf(model.keySet());
            assertThat(new TreeMap<>(map)).isEqualTo(model);
            for (int id = 0; id <= 21; id++) {
                assertThat(Optional.ofNullable(map.get(id))).isEqualTo(Optional.ofNullable(model.get(id)));
                assertThat(map.containsKey(id)).isEqualTo(model.containsKey(id));
                assertThat(map.headMap(id)).isEqualTo(model.headMap(id));
                assertThat(map.tailMap(id)).isEqualTo(model.tailMap(id));
            }
        }
    }

    @Test
    void changesSetMergeAndRemove() {
        long seed = 6;
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            Map<Integer, Value> stored = new TreeMap<>();
            Map<Integer, Optional<Value>> changes = new LinkedHashMap<>();
            for (int count = random.nextInt(8); count > 0; count--) {
                stored.put(random.nextInt(10), new Value.NumberValue(random.nextInt(5)));
            }
            for (int count = random.nextInt(8); count > 0; count--) {
                changes.put(
                        random.nextInt(10),
                        random.nextBoolean()
                                ? Optional.empty()
                                : Optional.of(new Value.NumberValue(10 + random.nextInt(5))));
            }
            Map<Integer, Value> wanted = new TreeMap<>(stored);
            changes.forEach((id, change) -> change.ifPresentOrElse(
                    value -> wanted.put(id, sum(Optional.ofNullable(wanted.get(id)), value)), () -> wanted.remove(id)));
            assertThat(Document.of(stored).with(changes, AttributeMapTest::sum))
                    .as("seed %d", seed)
                    .isEqualTo(Document.of(wanted));
        }
    }

    private static Value sum(Optional<Value> stored, Value given) {
        return new Value.NumberValue(stored.map(AttributeMapTest::number).orElse(0.0) * 100 + number(given));
    }

    private static double number(Value value) {
        return ((Value.NumberValue) value).number();
    }
}
