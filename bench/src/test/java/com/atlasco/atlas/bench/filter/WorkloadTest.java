package com.atlasco.atlas.bench.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.inventory.Inventory;
import com.atlasco.atlas.bench.inventory.PeerTable;
import com.atlasco.atlas.model.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    private static final long SEED = 42;
    private static final int ENTITIES = 20_000;

    private final Inventory inventory = new Inventory(SEED);

    @Test
    void theSameSeedMakesTheSameFilters() {
        assertThat(new Workload(inventory, ENTITIES, SEED).filters(50))
                .isEqualTo(new Workload(inventory, ENTITIES, SEED).filters(50))
                .isNotEqualTo(new Workload(inventory, ENTITIES, SEED + 1).filters(50));
    }

    @Test
    void filtersHaveOneToSixPredicatesOfEveryKindAndKeepFromNothingToMostOfAll() {
        List<FilterCase> filters = new Workload(inventory, ENTITIES, SEED).filters(200);
        List<List<Optional<Value>>> entities =
                IntStream.rangeClosed(1, ENTITIES).mapToObj(inventory::entity).toList();

        assertThat(filters).extracting(filter -> filter.predicates().size()).contains(1, 2, 3, 4, 5, 6);
        assertThat(filters.stream().flatMap(filter -> filter.predicates().stream()))
                .hasAtLeastOneElementOfType(Predicate.Equal.class)
                .hasAtLeastOneElementOfType(Predicate.Range.class)
                .hasAtLeastOneElementOfType(Predicate.Prefix.class)
                .hasAtLeastOneElementOfType(Predicate.In.class)
                .hasAtLeastOneElementOfType(Predicate.Not.class)
                .hasAtLeastOneElementOfType(Predicate.Or.class);
        List<Long> kept = filters.stream()
                .map(filter -> entities.stream()
                        .filter(entity -> filter.predicates().stream().allMatch(each -> holds(each, entity)))
                        .count())
                .toList();
        // Nearly every filter keeps the entity that it was made around.
        assertThat(kept).filteredOn(count -> count == 0).hasSizeLessThan(20);
        assertThat(kept).anyMatch(count -> count < 5).anyMatch(count -> count > ENTITIES / 2);
    }

    @Test
    void everyContenderIsAskedTheSame() {
        Attribute score = inventory.attributes().get(4);
        Attribute country = inventory.attributes().getFirst();
        FilterCase filter = new FilterCase(
                1,
                List.of(
                        new Predicate.Equal(country, new Value.TextValue("country-a")),
                        new Predicate.Range(score, Optional.of(new Value.NumberValue(50)), Optional.empty())),
                Optional.of(new FilterCase.Sort(score, true)),
                false);
        Optional<Contender.Place> after = Optional.of(new Contender.Place(Optional.of(new Value.NumberValue(60)), 7));
        PeerTable.Attributes attributes = new PeerTable.Attributes(
                101, inventory.attributes(), IntStream.range(1, 13).boxed().toList());

        assertThat(Cql2.text(filter.predicates())).isEqualTo("country = 'country-a' AND score >= 50");
        assertThat(new WideDialect().page(filter, after))
                .hasToString("SELECT entity_id, country, score FROM wide.asset WHERE country = ? AND (score >= ?)"
                        + " AND (score, entity_id) < (?, ?) ORDER BY score DESC, entity_id DESC LIMIT 100");
        assertThat(new DocumentDialect().page(filter, Optional.empty()))
                .hasToString("SELECT entity_id, document FROM jsonb_gin.document WHERE document @> CAST(? AS jsonb)"
                        + " AND (CAST(document -> 'score' AS double precision) >= ?)"
                        + " ORDER BY CAST(document -> 'score' AS double precision) DESC, entity_id DESC LIMIT 100");
        assertThat(new SelfJoinDialect(attributes).page(filter, Optional.empty()))
                .hasToString("SELECT a0.entity_id, a0.value_text, a1.value_number FROM seed.eav a0, seed.eav a1"
                        + " WHERE TRUE AND a0.tenant_id = 101 AND a0.attribute_id = 1 AND a0.value_text = ?"
                        + " AND a1.tenant_id = 101 AND a1.attribute_id = 5 AND (a1.value_number >= ?)"
                        + " AND a1.entity_id = a0.entity_id"
                        + " ORDER BY a1.value_number DESC, a0.entity_id DESC LIMIT 100");
    }

    private boolean holds(Predicate predicate, List<Optional<Value>> entity) {
        return switch (predicate) {
            case Predicate.Equal(Attribute attribute, Value value) ->
                value(attribute, entity).filter(value::equals).isPresent();
            case Predicate.Range(Attribute attribute, var low, var high) ->
                value(attribute, entity)
                        .filter(value -> low.stream().allMatch(bound -> order(bound, value) <= 0)
                                && high.stream().allMatch(bound -> order(value, bound) < 0))
                        .isPresent();
            case Predicate.Prefix(Attribute attribute, String prefix) ->
                value(attribute, entity)
                        .filter(value -> ((Value.TextValue) value).text().startsWith(prefix))
                        .isPresent();
            case Predicate.In(Attribute attribute, List<String> values) ->
                value(attribute, entity)
                        .filter(value -> values.contains(((Value.TextValue) value).text()))
                        .isPresent();
            case Predicate.Not(Predicate.Equal(Attribute attribute, Value other)) ->
                value(attribute, entity).filter(value -> !value.equals(other)).isPresent();
            case Predicate.Or(List<Predicate.Simple> operands) ->
                operands.stream().anyMatch(operand -> holds(operand, entity));
        };
    }

    private static int order(Value left, Value right) {
        return Distributions.BY_VALUE.compare(left, right);
    }

    private Optional<Value> value(Attribute attribute, List<Optional<Value>> entity) {
        return entity.get(inventory.attributes().indexOf(attribute));
    }
}
