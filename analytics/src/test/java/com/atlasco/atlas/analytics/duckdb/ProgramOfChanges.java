package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Batches of random changes of entities and of types, which become hot and cease to be all the time. */
final class ProgramOfChanges {

    static final List<Long> TENANTS = List.of(1L, 2L);

    private static final int ATTRIBUTES = 8;
    private static final int ENTITIES = 60;

    private final Random random;
    private long lsn;

    ProgramOfChanges(Random random) {
        this.random = random;
    }

    ChangeBatch next() {
        List<Change> changes = new ArrayList<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
            TenantId tenant = new TenantId(TENANTS.get(random.nextInt(2)));
            ChangeOrder order = new ChangeOrder(new Lsn(++lsn), 0);
            changes.add(
                    switch (random.nextInt(8)) {
                        case 0 -> new Change.AttributeTypeUpserted(tenant, type(1 + random.nextInt(ATTRIBUTES)), order);
                        case 1 -> new Change.EntityDeleted(tenant, 1L + random.nextInt(ENTITIES), Instant.EPOCH, order);
                        default -> entity(tenant, order);
                    });
        }
        return new ChangeBatch(
                changes,
                new Watermark(
                        new Position(1, 1, new Lsn(lsn)),
                        Optional.of(changes.getLast().order()),
                        List.of(),
                        "",
                        true));
    }

    /** Numbers and texts in turn. */
    private AttributeType type(int id) {
        return new AttributeType(
                id,
                "a" + id,
                id % 2 == 0 ? DataType.TEXT : DataType.NUMBER,
                false,
                random.nextBoolean(),
                Optional.empty(),
                Optional.empty());
    }

    private Change entity(TenantId tenant, ChangeOrder order) {
        Map<Integer, Value> values = new HashMap<>();
        for (int id = 1; id <= ATTRIBUTES; id++) {
            if (random.nextInt(3) > 0) {
                values.put(
                        id,
                        id % 2 == 0
                                ? new Value.TextValue("t" + random.nextInt(50))
                                : new Value.NumberValue(random.nextInt(50)));
            }
        }
        return new Change.EntityUpserted(
                tenant,
                1L + random.nextInt(ENTITIES),
                "t",
                1,
                Optional.of(Document.of(values)),
                Set.copyOf(values.keySet()),
                Instant.EPOCH,
                Instant.EPOCH,
                order);
    }
}
