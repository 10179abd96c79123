package com.atlasco.atlas.server.json;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.JsonBytes;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.write.EntityWrite;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToLongFunction;

/**
 * Measures what an item of ten mixed attributes costs from the bytes of its line to what the database is sent: a program
 * for {@code java -cp}, not a test. Prints nanoseconds of the thread's CPU time an item, the best of
 * many rounds.
 */
public final class WritePathCost {

    private static final int ITEMS = 2_000;
    private static final int ROUNDS = 400;
    private static final int ATTRIBUTES = 200;

    private WritePathCost() {}

    public static void main(String[] arguments) {
        long seed = Long.getLong("atlas.seed", 13);
        Random random = new Random(seed);
        List<AttributeType> types = new ArrayList<>();
        for (int id = 1; id <= ATTRIBUTES; id++) {
            DataType type = switch (id % 5) {
                case 0 -> DataType.TS;
                case 1, 2 -> DataType.NUMBER;
                case 3 -> DataType.TEXT;
                default -> id % 2 == 0 ? DataType.BOOL : DataType.TEXT;
            };
            types.add(new AttributeType(
                    id,
                    "attribute_" + type.wireName() + "_" + id,
                    type,
                    true,
                    false,
                    Optional.empty(),
                    Optional.empty()));
        }
        Registry registry = Registry.of(types);
        byte[][] lines = new byte[ITEMS][];
        for (int i = 0; i < ITEMS; i++) {
            lines[i] = line(i + 1, types, random).getBytes(StandardCharsets.UTF_8);
        }
        System.out.printf(
                Locale.ROOT,
                "seed %d, %d bytes a line, such as %s%n",
                seed,
                lines[0].length,
                new String(lines[0], StandardCharsets.UTF_8));

        EntityInput input = new EntityInput(registry);
        ItemReader reader = new ItemReader(registry);
        measure(
                "bytes to write",
                i -> hash(reader.read(lines[i], 0, lines[i].length).write()));
        measure("the same, by a tree", i -> hash(input.batchItem(JsonInput.read(lines[i]))));

        Document[] documents = new Document[ITEMS];
        String[] stored = new String[ITEMS];
        for (int i = 0; i < ITEMS; i++) {
            documents[i] = document(input.batchItem(JsonInput.read(lines[i])));
            stored[i] = DocumentCodec.encode(documents[i]);
        }
        measure(
                "bytes to document",
                i -> document(reader.read(lines[i], 0, lines[i].length).write())
                        .values()
                        .size());
        measure("encode", i -> DocumentCodec.encode(documents[i]).length());
        JsonBytes buffer = new JsonBytes(1_024);
        measure("encode, buffer reused", i -> {
            DocumentCodec.encode(documents[i], buffer.clear());
            return buffer.size();
        });
        measure("bytes to stored form", i -> {
            DocumentCodec.encode(
                    document(reader.read(lines[i], 0, lines[i].length).write()), buffer.clear());
            return buffer.size();
        });
        measure("decode", i -> DocumentCodec.decode(stored[i]).values().size());
    }

    private static long hash(EntityWrite write) {
        return System.identityHashCode(write);
    }

    private static Document document(EntityWrite write) {
        if (!(write instanceof EntityWrite.Merge(var _, var _, Map<Integer, Optional<Value>> changes))) {
            throw new IllegalStateException("not a merge: " + write);
        }
        return Document.empty().with(changes, (absent, given) -> given);
    }

    private static String line(long id, List<AttributeType> types, Random random) {
        StringBuilder line = new StringBuilder("{\"entity_id\":" + id + ",\"entity_type\":\"device\",\"attributes\":{");
        int first = random.nextInt(ATTRIBUTES);
        for (int i = 0; i < 10; i++) {
            AttributeType type = types.get((first + i * 7) % ATTRIBUTES);
            line.append(i == 0 ? "" : ",").append('"').append(type.name()).append("\":");
            switch (type.dataType()) {
                case NUMBER ->
                    line.append(
                            random.nextBoolean()
                                    ? Integer.toString(random.nextInt(100_000))
                                    : Double.toString(random.nextInt(1_000_000) / 100.0));
                case TEXT ->
                    line.append("\"value ").append(random.nextInt(10_000)).append(" of text\"");
                case TS ->
                    line.append("\"2026-%02d-%02dT%02d:%02d:%02dZ\""
                            .formatted(
                                    1 + random.nextInt(12),
                                    1 + random.nextInt(28),
                                    random.nextInt(24),
                                    random.nextInt(60),
                                    random.nextInt(60)));
                default -> line.append(random.nextBoolean());
            }
        }
        return line.append("}}").toString();
    }

    private static void measure(String name, IntToLongFunction item) {
        ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
        long best = Long.MAX_VALUE;
        long sink = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long began = cpu.getCurrentThreadCpuTime();
            for (int i = 0; i < ITEMS; i++) {
                sink += item.applyAsLong(i);
            }
            best = Math.min(best, cpu.getCurrentThreadCpuTime() - began);
        }
        System.out.printf(Locale.ROOT, "%-24s %6d ns an item%s%n", name, best / ITEMS, sink == 42 ? "." : "");
    }
}
