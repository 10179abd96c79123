package com.atlasco.atlas.analytics;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a store holds of entities, for comparison with the primary. Each call sees one state, at or behind the watermark that
 * was there when it began. Thread-safe. Errors are those of reads: {@code source_unavailable} while the store is not
 * complete, {@code overloaded} beyond the time limit.
 */
public interface ComparisonReader {

    /** Whose rows there are. */
    Set<TenantId> tenants();

    /**
     * The entities of a tenant whose ids lie above one and up to another, in no order, handed out as they are read.
     *
     * @return what is wrong with the copies of hot attributes in the same range and state, at most {@code 1,000}
     */
    List<WrongCopy> scan(TenantId tenant, long after, long through, Consumer<Entity> entities);

    /** Those of these entities that there are. */
    List<Entity> find(TenantId tenant, Collection<Long> entityIds);

    /** What is wrong with the copies of hot attributes of these entities. */
    List<WrongCopy> wrongCopies(TenantId tenant, Collection<Long> entityIds);

    /** The tenant's attribute types, as far as the store keeps them. */
    List<StoredType> types(TenantId tenant);

    /**
     * A column that repeats the values of a hot attribute, and does not say what the entity says.
     *
     * @param attributeId empty when the column belongs to no attribute of the tenant, and should be empty
     * @param value what the entity has, as text
     * @param copy what the column has, as text
     */
    record WrongCopy(
            long entityId, OptionalLong attributeId, String column, Optional<String> value, Optional<String> copy) {}

    /**
     * An attribute type in the store.
     *
     * @param copied whether the store says that a column repeats its values
     */
    record StoredType(AttributeType type, boolean copied) {}
}
