package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which slots the entity table has, in the order of its columns, and whose values they hold. Immutable.
 *
 * @param columns the slots for which there is a column
 * @param assigned the slot of each promoted attribute
 */
record Slots(List<Slot> columns, Map<AttributeKey, Slot> assigned) {

    static final Slots NONE = new Slots(List.of(), Map.of());

    Slots {
        columns = List.copyOf(columns);
        assigned = Map.copyOf(assigned);
    }

    Optional<Slot> find(AttributeKey attribute) {
        return Optional.ofNullable(assigned.get(attribute));
    }

    /** The first slot of the type that the tenant does not use; its column may have to be added. */
    Slot firstFree(long tenantId, DataType dataType) {
        Set<Slot> taken = new HashSet<>();
        assigned.forEach((attribute, slot) -> {
            if (attribute.tenantId() == tenantId) {
                taken.add(slot);
            }
        });
        int number = 1;
        while (taken.contains(new Slot(dataType, number))) {
            number++;
        }
        return new Slot(dataType, number);
    }

    Slots withColumn(Slot slot) {
        List<Slot> more = new ArrayList<>(columns);
        more.add(slot);
        return new Slots(more, assigned);
    }

    Slots with(AttributeKey attribute, Slot slot) {
        Map<AttributeKey, Slot> more = new HashMap<>(assigned);
        more.put(attribute, slot);
        return new Slots(columns, more);
    }

    Slots without(AttributeKey attribute) {
        Map<AttributeKey, Slot> fewer = new HashMap<>(assigned);
        fewer.remove(attribute);
        return new Slots(columns, fewer);
    }
}
