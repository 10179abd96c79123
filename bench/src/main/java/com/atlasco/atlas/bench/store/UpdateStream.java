package com.atlasco.atlas.bench.store;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.bench.dataset.Dataset;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Batches as capture would bring them: the entities first, then updates of random ones. For one thread. */
final class UpdateStream {

    private static final TenantId TENANT = new TenantId(1);

    private final StoreBenchSettings settings;
    private final InstantSource clock;
    private final Dataset dataset;
    private final SplittableRandom random;
    private final List<Map<Integer, Value>> documents = new ArrayList<>();
    private final int[] versions;
    private long lsn;

    UpdateStream(StoreBenchSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.dataset = new Dataset(settings.seed(), settings.attributes());
        this.random = new SplittableRandom(settings.seed());
        this.versions = new int[settings.entities()];
    }

    /** The attribute types; those in front are hot. */
    ChangeBatch types() {
        lsn++;
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < settings.attributes(); i++) {
            Dataset.Attribute attribute = dataset.attributes().get(i);
            changes.add(new Change.AttributeTypeUpserted(
                    TENANT,
                    new AttributeType(
                            i + 1,
                            attribute.name(),
                            attribute.type(),
                            false,
                            i < settings.hot(),
                            Optional.empty(),
                            Optional.empty()),
                    new ChangeOrder(new Lsn(lsn), i)));
        }
        return batch(changes);
    }

    /** The next new entities; without changes when all are there. */
    ChangeBatch load(int count) {
        lsn++;
        Instant now = clock.instant();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count && documents.size() < settings.entities(); i++) {
            List<Value> values = dataset.values(TENANT.value(), documents.size() + 1L);
            Map<Integer, Value> document = HashMap.newHashMap(values.size());
            for (int attribute = 0; attribute < values.size(); attribute++) {
                document.put(attribute + 1, values.get(attribute));
            }
            documents.add(document);
            changes.add(upserted(documents.size() - 1, document.keySet(), now, i, true));
        }
        return batch(changes);
    }

    /** Updates of random entities, each in some of its attributes. */
    ChangeBatch updates(int count) {
        lsn++;
        Instant now = clock.instant();
        List<Change> changes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int entity = random.nextInt(documents.size());
            List<Value> values = dataset.values(TENANT.value(), random.nextLong(1L << 40));
            Set<Integer> changed = new HashSet<>();
            while (changed.size() < settings.changed()) {
                int attribute = random.nextInt(settings.attributes());
                documents.get(entity).put(attribute + 1, values.get(attribute));
                changed.add(attribute + 1);
            }
            changes.add(upserted(entity, changed, now, i, false));
        }
        return batch(changes);
    }

    private Change upserted(int entity, Set<Integer> changed, Instant now, int ordinal, boolean created) {
        return new Change.EntityUpserted(
                TENANT,
                entity + 1L,
                Dataset.ENTITY_TYPE,
                ++versions[entity],
                Optional.of(Document.of(documents.get(entity))),
                Set.copyOf(changed),
                now,
                now,
                new ChangeOrder(new Lsn(lsn), ordinal),
                created);
    }

    private ChangeBatch batch(List<Change> changes) {
        return new ChangeBatch(
                changes,
                new Watermark(
                        new Position(1, 1, new Lsn(lsn)),
                        Optional.of(new ChangeOrder(new Lsn(lsn), Long.MAX_VALUE)),
                        List.of(),
                        "",
                        true));
    }
}
