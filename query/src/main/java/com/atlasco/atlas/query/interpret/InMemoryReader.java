package com.atlasco.atlas.query.interpret;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.EntityReader;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.filter.Property;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Answers from entities in memory, by filtering and sorting all of them: slow, and as simple as the contract's words, so
 * that other readers can be compared with it. Immutable and thread-safe. Filterable or not, it serves every attribute.
 */
public final class InMemoryReader implements EntityReader {

    private final Map<TenantId, List<Entity>> entities;

    /**
     * A reader of a copy of these entities.
     *
     * @throws IllegalArgumentException when a tenant has two entities of one id
     */
    public InMemoryReader(Map<TenantId, ? extends Collection<Entity>> entities) {
        Map<TenantId, List<Entity>> copy = new HashMap<>();
        entities.forEach((tenant, its) -> {
            Set<Long> ids = new HashSet<>();
            its.forEach(entity -> {
                if (!ids.add(entity.entityId())) {
                    throw new IllegalArgumentException(
                            "entity %d of tenant %s is given twice".formatted(entity.entityId(), tenant));
                }
            });
            copy.put(tenant, List.copyOf(its));
        });
        this.entities = Map.copyOf(copy);
    }

    @Override
    public Optional<Entity> get(TenantId tenant, long entityId) {
        return of(tenant).stream()
                .filter(entity -> entity.entityId() == entityId)
                .findFirst();
    }

    @Override
    public EntityPage find(TenantId tenant, EntityQuery query) {
        Comparator<Place> order = order(query.sort());
        List<Entity> rest = of(tenant).stream()
                .filter(entity -> FilterInterpreter.matches(query.filter(), entity))
                .sorted(Comparator.comparing(entity -> Place.of(entity, query.sort()), order))
                .dropWhile(entity -> query.after().isPresent()
                        && order.compare(
                                        Place.of(entity, query.sort()),
                                        Place.of(query.after().get(), query.sort()))
                                <= 0)
                .toList();
        List<Entity> page = rest.stream().limit(query.limit()).toList();
        Optional<Cursor> next = Optional.of(page)
                .filter(rows -> rows.size() < rest.size())
                .map(rows -> Place.of(rows.getLast(), query.sort()))
                .map(last -> new Cursor(
                        last.fields().stream()
                                .map(field -> field.map(Field::value))
                                .toList(),
                        last.entityId()));
        return new EntityPage(page, next);
    }

    @Override
    public AggregateResult aggregate(TenantId tenant, AggregateQuery query) {
        return Aggregation.of(
                query,
                of(tenant).stream()
                        .filter(entity -> FilterInterpreter.matches(query.filter(), entity))
                        .toList());
    }

    private List<Entity> of(TenantId tenant) {
        return entities.getOrDefault(tenant, List.of());
    }

    /** Where a row stands in the order of a page. */
    private record Place(List<Optional<Field>> fields, long entityId) {

        static Place of(Entity entity, List<SortKey> sort) {
            return new Place(
                    sort.stream().map(key -> Field.of(entity, key.property())).toList(), entity.entityId());
        }

        /** An entity id is taken from where the cursor has it exactly. */
        static Place of(Cursor cursor, List<SortKey> sort) {
            List<Optional<Field>> fields = new ArrayList<>();
            for (int i = 0; i < sort.size(); i++) {
                fields.add(
                        sort.get(i).property() == Property.Intrinsic.ENTITY_ID
                                ? Optional.of(new Field.Numeric(BigDecimal.valueOf(cursor.entityId())))
                                : cursor.sortValues().get(i).map(Field::of));
            }
            return new Place(fields, cursor.entityId());
        }
    }

    private static Comparator<Place> order(List<SortKey> sort) {
        Comparator<Place> order = (_, _) -> 0;
        for (int i = 0; i < sort.size(); i++) {
            int index = i;
            order = order.thenComparing(
                    place -> place.fields().get(index), missingLast(sort.get(i).descending()));
        }
        boolean descending = !sort.isEmpty() && sort.getLast().descending();
        return order.thenComparing(Place::entityId, descending ? Comparator.reverseOrder() : Comparator.naturalOrder());
    }

    /** Fields in a direction; a missing one comes last in both. */
    static Comparator<Optional<Field>> missingLast(boolean descending) {
        Comparator<Field> fields = descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return (left, right) -> left.isPresent() && right.isPresent()
                ? fields.compare(left.get(), right.get())
                : Boolean.compare(left.isEmpty(), right.isEmpty());
    }
}
