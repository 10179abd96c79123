package com.atlasco.atlas.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.postgres.write.EntityWrite;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemReaderTest {

    private static final Registry REGISTRY = registry();

    private static Registry registry() {
        List<AttributeType> types = new ArrayList<>();
        for (DataType type : DataType.values()) {
            types.add(new AttributeType(
                    types.size() + 1, type.wireName(), type, true, false, Optional.empty(), Optional.empty()));
        }
        types.add(new AttributeType(9, "größe 😀", DataType.NUMBER, true, false, Optional.empty(), Optional.empty()));
        return Registry.of(types);
    }

    private static final String[] WHOLE = {
        "{\"entity_id\":1,\"entity_type\":\"t\",\"attributes\":{\"number\":1.5,\"text\":\"a\\u00e4ß😀\\n\",\"ts\":\"2026-01-31T12:00:00.123456789Z\",\"bool\":true,\"json\":{\"b\":[1,{\"a\":null}],\"a\":-0.0}}}",
        "{\"op\":\"create\",\"entity_type\":\"t\",\"attributes\":{\"number\":-12,\"text\":null,\"ts\":\"2026-01-31\"}}",
        "{\"attributes\":{\"ts\":\"1969-12-31T23:59:59.9+05:30\",\"json\":[]},\"entity_id\":9223372036854775807,\"op\":\"patch\"}",
        "{\"op\":\"replace\",\"entity_id\":3,\"entity_type\":\"Straße\",\"attributes\":{\"größe 😀\":9007199254740992,\"bool\":false}}",
        "{ \"op\" : \"delete\" , \"entity_id\" : 4 }",
        "{\"op\":null,\"entity_id\":null,\"entity_type\":\"x\"}",
        "{\"entity_id\":5,\"attributes\":{\"number\":9007199254740993,\"json\":{\"a\":1,\"a\":2}}}",
        "{\"entity_id\":5,\"entity_id\":6,\"attributes\":{\"number\":1,\"number\":2}}",
        "{\"entity_id\":0,\"entity_type\":\"\",\"attributes\":{\"number\":1e999,\"text\":\"\\u0000\"}}",
        "{\"entity_id\":7,\"attributes\":{\"text\":\"\\ud800\",\"ts\":\"2026-02-29T00:00:00Z\",\"bool\":\"true\"}}"
    };

    private static final String[] PIECES = {
        "null",
        "true",
        "1",
        "-1",
        "1.0",
        "1e5",
        "\"\"",
        "{}",
        "[]",
        "\"op\"",
        "\"delete\"",
        "\\ud83d",
        "\\u0000",
        " ",
        "\t",
        "9223372036854775808",
        "-9223372036854775808",
        "1E-400",
        "\"entity_id\"",
        "\"number\":1,",
        "\uFEFF",
        "NaN",
        "00",
        "\"2026-01-31T24:00:00Z\"",
        "\"0001-01-01T00:00:00+01:00\"",
        "+18:00",
        "{\"text\":{\"text\":1}}"
    };

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void whatIsAsItShouldBeIsReadAsATreeWouldBe(int index) {
        byte[] bytes = bytes(WHOLE[index]);
        assertThat(new ItemReader(REGISTRY).read(bytes, 0, bytes.length).write())
                .isEqualTo(byTree(bytes));
    }

    @Test
    void whateverIsSentMeansWhatItMeansAsATree() {
        long seed = Long.getLong("atlas.seed", 7);
        Random random = new Random(seed);
        ItemReader reader = new ItemReader(REGISTRY);
        int accepted = 0;
        for (int i = 0; i < 60_000; i++) {
            byte[] bytes = mutated(random);
            Object wanted = outcome(() -> byTree(bytes));
            Object got = outcome(() -> reader.read(pad(bytes), 3, bytes.length).write());
            assertThat(got)
                    .as(() -> "seed %d: %s".formatted(seed, new String(bytes, StandardCharsets.UTF_8)))
                    .isEqualTo(wanted);
            accepted += got instanceof EntityWrite ? 1 : 0;
        }
        assertThat(accepted).as("seed %d", seed).isGreaterThan(5_000);
    }

    @Test
    void bodiesOfSingleWritesMeanWhatTheyMeanAsTrees() {
        long seed = Long.getLong("atlas.seed", 8);
        Random random = new Random(seed);
        ItemReader reader = new ItemReader(REGISTRY);
        EntityInput trees = new EntityInput(REGISTRY);
        int accepted = 0;
        for (int i = 0; i < 60_000; i++) {
            byte[] bytes = random.nextInt(4) == 0 ? mutated(random) : withoutMembers(mutated(random), random);
            long id = 1L + random.nextInt(5);
            List<Object> wanted = List.of(
                    outcome(() -> trees.create(EntityInput.whole(JsonInput.read(bytes)))),
                    outcome(() -> trees.replace(id, EntityInput.whole(JsonInput.read(bytes)))),
                    outcome(() -> trees.patch(id, EntityInput.partial(JsonInput.read(bytes)))));
            List<Object> got = List.of(
                    outcome(() -> reader.create(bytes)),
                    outcome(() -> reader.replace(id, bytes)),
                    outcome(() -> reader.patch(id, bytes)));
            assertThat(got)
                    .as(() -> "seed %d: %s".formatted(seed, new String(bytes, StandardCharsets.UTF_8)))
                    .isEqualTo(wanted);
            accepted += (int) got.stream().filter(EntityWrite.class::isInstance).count();
        }
        assertThat(accepted).as("seed %d", seed).isGreaterThan(5_000);
    }

    /** Of a body that comes by itself, the operation stands in the method, and the id often in the path. */
    private static byte[] withoutMembers(byte[] bytes, Random random) {
        String text =
                new String(bytes, StandardCharsets.ISO_8859_1).replaceFirst("\"op\" ?: ?(\"[a-z]+\"|null) ?,?", "");
        return (random.nextBoolean() ? text : text.replaceFirst("\"entity_id\" ?: ?[0-9a-z]+ ?,?", ""))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] mutated(Random random) {
        StringBuilder text = new StringBuilder(WHOLE[random.nextInt(WHOLE.length)]);
        for (int count = random.nextInt(4); count > 0; count--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> {
                    int end = Math.min(text.length(), at + 1 + random.nextInt(6));
                    text.replace(at, end, PIECES[random.nextInt(PIECES.length)]);
                }
                default -> text.setCharAt(at, (char) random.nextInt(0x100));
            }
        }
        byte[] bytes = bytes(text.toString());
        if (random.nextInt(3) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return switch (random.nextInt(50)) {
            case 0 -> text.toString().getBytes(StandardCharsets.UTF_16LE);
            case 1 -> text.toString().getBytes(StandardCharsets.UTF_16BE);
            case 2 ->
                new String(bytes, StandardCharsets.UTF_8).replace("a", "\0").getBytes(StandardCharsets.UTF_8);
            // An overlong slash, and a surrogate by itself: neither is UTF-8.
            case 3 ->
                new String(bytes, StandardCharsets.ISO_8859_1)
                        .replace("t\"", "\u00c0\u00af\"")
                        .getBytes(StandardCharsets.ISO_8859_1);
            case 4 ->
                new String(bytes, StandardCharsets.ISO_8859_1)
                        .replace("t\"", "\u00ed\u00a0\u0080\"")
                        .getBytes(StandardCharsets.ISO_8859_1);
            default -> bytes;
        };
    }

    private static Object outcome(java.util.function.Supplier<EntityWrite> read) {
        try {
            return read.get();
        } catch (AtlasException refused) {
            Problem problem = refused.problem();
            return problem;
        }
    }

    private static EntityWrite byTree(byte[] bytes) {
        return new EntityInput(REGISTRY).batchItem(JsonInput.read(bytes));
    }

    private static byte[] pad(byte[] bytes) {
        byte[] padded = new byte[bytes.length + 7];
        Arrays.fill(padded, (byte) '}');
        System.arraycopy(bytes, 0, padded, 3, bytes.length);
        return padded;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
