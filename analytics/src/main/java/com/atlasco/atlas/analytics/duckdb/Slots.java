package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which slots the entity table has, in the order of its columns, and whose values they hold. Immutable.
 *
 * @param columns the slots for which there is a column
 * @param held the promotion of each attribute whose values rows carry
 * @param leaving promotions that were given up, and whose columns are not empty yet
 */
record Slots(List<Slot> columns, Map<AttributeKey, Promotion> held, List<Promotion> leaving) {

    static final Slots NONE = new Slots(List.of(), Map.of(), List.of());

    Slots {
        columns = List.copyOf(columns);
        held = Map.copyOf(held);
        leaving = List.copyOf(leaving);
    }

    static Slots of(List<Slot> columns, List<Promotion> promotions) {
        Map<AttributeKey, Promotion> held = new HashMap<>();
        List<Promotion> leaving = new ArrayList<>();
        for (Promotion promotion : promotions) {
            if (promotion.stage() == Promotion.Stage.LEAVING) {
                leaving.add(promotion);
            } else {
                held.put(promotion.attribute(), promotion);
            }
        }
        return new Slots(columns, held, leaving);
    }

    Optional<Promotion> find(AttributeKey attribute) {
        return Optional.ofNullable(held.get(attribute));
    }

    /** The slot that each row of an attribute's tenant carries its value in. */
    Map<AttributeKey, Slot> assigned() {
        Map<AttributeKey, Slot> assigned = HashMap.newHashMap(held.size());
        held.forEach((attribute, promotion) -> assigned.put(attribute, promotion.slot()));
        return assigned;
    }

    /** All promotions, those that leave included. */
    Stream<Promotion> promotions() {
        return Stream.concat(held.values().stream(), leaving.stream());
    }

    /** The first slot of the type that the tenant does not use; its column may have to be added. */
    Slot firstFree(long tenantId, DataType dataType) {
        Set<Slot> taken = new HashSet<>();
        promotions()
                .filter(promotion -> promotion.attribute().tenantId() == tenantId)
                .forEach(promotion -> taken.add(promotion.slot()));
        int number = 1;
        while (taken.contains(new Slot(dataType, number))) {
            number++;
        }
        return new Slot(dataType, number);
    }

    Slots withColumn(Slot slot) {
        List<Slot> more = new ArrayList<>(columns);
        more.add(slot);
        return new Slots(more, held, leaving);
    }

    /** With this promotion in the place of the attribute's other one. */
    Slots with(Promotion promotion) {
        Map<AttributeKey, Promotion> more = new HashMap<>(held);
        more.put(promotion.attribute(), promotion);
        return new Slots(columns, more, leaving);
    }

    /** With the attribute's promotion given up. */
    Slots leaving(Promotion promotion) {
        Map<AttributeKey, Promotion> fewer = new HashMap<>(held);
        fewer.remove(promotion.attribute());
        List<Promotion> more = new ArrayList<>(leaving);
        more.add(promotion.at(Promotion.Stage.LEAVING));
        return new Slots(columns, fewer, more);
    }

    /** Without one whose column is empty. */
    Slots without(Promotion left) {
        return new Slots(
                columns,
                held,
                leaving.stream().filter(other -> !other.equals(left)).toList());
    }
}
