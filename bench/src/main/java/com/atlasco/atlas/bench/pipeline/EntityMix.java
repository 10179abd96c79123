package com.atlasco.atlas.bench.pipeline;

import com.atlasco.atlas.bench.dataset.Dataset;
import com.atlasco.atlas.bench.dataset.EntityJson;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What is written: of each batch one half is new entities, the other half merges other values into entities that are there.
 * Thread-safe.
 */
final class EntityMix {

    /** Values that an entity can have besides those it began with. */
    private static final int REVISIONS = 16;

    /** One that {@link #mixed} never writes, so that it changes whatever is there. */
    static final int UNSEEN = REVISIONS + 1;

    private final List<Dataset> revisions;
    private final SplittableRandom random;
    private long next = 1;

    /** Nothing has been written yet. */
    EntityMix(long seed, int attributes) {
        this.revisions = IntStream.rangeClosed(0, UNSEEN)
                .mapToObj(revision -> new Dataset(seed + revision, attributes))
                .toList();
        this.random = new SplittableRandom(seed);
    }

    /** Which entities a batch creates and which it updates, with which values. */
    record Batch(List<Long> created, List<Long> updated, int revision) {

        int size() {
            return created.size() + updated.size();
        }
    }

    /** The values that entities begin with. */
    Dataset first() {
        return revisions.getFirst();
    }

    Dataset revision(int revision) {
        return revisions.get(revision);
    }

    /** New entities only. */
    synchronized Batch created(int size) {
        long from = next;
        next += size;
        return new Batch(LongStream.range(from, next).boxed().toList(), List.of(), 0);
    }

    /** Half and half; updates are of any that there were before. */
    synchronized Batch mixed(int size) {
        List<Long> updated = new ArrayList<>();
        for (int i = 0; i < size / 2; i++) {
            updated.add(1 + random.nextLong(next - 1));
        }
        return new Batch(
                created(size - updated.size()).created(),
                updated.stream().distinct().sorted().toList(),
                1 + random.nextInt(REVISIONS));
    }

    /**
     * Half and half in batches of so many; no entity is written twice, and every update changes something.
     *
     * @param existing the entities from 1 on that are there, at least half as many as are written
     */
    synchronized List<Batch> stream(int entities, int size, long existing) {
        List<Batch> stream = new ArrayList<>();
        long update = existing;
        for (int written = 0; written < entities; written += size) {
            int updates = size / 2;
            List<Long> updated =
                    LongStream.rangeClosed(update - updates + 1, update).boxed().toList();
            update -= updates;
            stream.add(new Batch(created(size - updates).created(), updated, UNSEEN));
        }
        return stream;
    }

    /** As the API takes it. */
    byte[] lines(Batch batch) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes(new EntityJson(first()).lines(PipelineSettings.TENANT, batch.created()));
        lines.writeBytes(new EntityJson(revision(batch.revision())).lines(PipelineSettings.TENANT, batch.updated()));
        return lines.toByteArray();
    }
}
