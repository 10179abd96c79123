package com.atlasco.atlas.analytics.change;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.TenantId;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** One committed change on the primary. */
public sealed interface Change {

    TenantId tenant();

    /**
     * An entity as it is after the change.
     *
     * @param document empty when the log did not carry it because the change left it untouched: the stored one stays
     * @param changedAttributes the ids whose values were set, changed or removed by this version; of a row of a snapshot
     *     all that it has
     * @param committedAt when it was committed, by the primary's clock; of a row of a snapshot when that was taken
     * @param created whether the log says that there was no such entity before; false where it is not known
     */
    record EntityUpserted(
            TenantId tenant,
            long entityId,
            String entityType,
            long version,
            Optional<Document> document,
            Set<Integer> changedAttributes,
            Instant updatedAt,
            Instant committedAt,
            ChangeOrder order,
            boolean created)
            implements Change {

        /** Of an entity that may have been there before. */
        public EntityUpserted(
                TenantId tenant,
                long entityId,
                String entityType,
                long version,
                Optional<Document> document,
                Set<Integer> changedAttributes,
                Instant updatedAt,
                Instant committedAt,
                ChangeOrder order) {
            this(
                    tenant,
                    entityId,
                    entityType,
                    version,
                    document,
                    changedAttributes,
                    updatedAt,
                    committedAt,
                    order,
                    false);
        }

        /** The same, with every attribute that it has among the changed ones. */
        public EntityUpserted withAllAttributesChanged() {
            Set<Integer> all = new HashSet<>(changedAttributes);
            document.ifPresent(known -> all.addAll(known.values().keySet()));
            return new EntityUpserted(
                    tenant,
                    entityId,
                    entityType,
                    version,
                    document,
                    Set.copyOf(all),
                    updatedAt,
                    committedAt,
                    order,
                    created);
        }
    }

    /**
     * A deleted entity.
     *
     * @param committedAt when it was committed, by the primary's clock
     */
    record EntityDeleted(TenantId tenant, long entityId, Instant committedAt, ChangeOrder order) implements Change {}

    /** A registered or altered attribute type. */
    record AttributeTypeUpserted(TenantId tenant, AttributeType type, ChangeOrder order) implements Change {}

    record AttributeTypeDeleted(TenantId tenant, int attributeId, ChangeOrder order) implements Change {}

    /** All of a tenant is gone, and nothing of it is kept: no history either. */
    record TenantDeleted(TenantId tenant, ChangeOrder order) implements Change {}

    /** The order in which the change was committed. */
    ChangeOrder order();
}
