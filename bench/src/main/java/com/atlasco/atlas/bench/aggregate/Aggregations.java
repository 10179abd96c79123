package com.atlasco.atlas.bench.aggregate;

import com.atlasco.atlas.bench.aggregate.AggregateCase.Key;
import com.atlasco.atlas.bench.aggregate.AggregateCase.Metric;
import com.atlasco.atlas.bench.aggregate.AggregateCase.Operation;
import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.filter.Predicate;
import com.atlasco.atlas.bench.inventory.Inventory;
import com.atlasco.atlas.model.Value;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The twenty aggregations of the workload. */
final class Aggregations {

    private final List<Attribute> attributes;

    Aggregations(Inventory inventory) {
        this.attributes = inventory.attributes();
    }

    List<AggregateCase> all() {
        Metric count = new Metric(Operation.COUNT, Optional.empty());
        Key scores = new Key.Histogram(of("score"), 0, 100, 20);
        Key prices = new Key.Histogram(of("price"), 0, 1_000, 100);
        Key installedMonth = new Key.ByInterval(of("installed"), "month");
        return List.of(
                one("count by country", List.of(), List.of(by("country")), List.of(count)),
                one("histogram of score", List.of(), List.of(scores), List.of(count)),
                one("country and score", List.of(), List.of(by("country"), scores), List.of(count, avg("price"))),
                one("price by category", List.of(), List.of(by("category")), List.of(
                        count, avg("price"), min("price"), max("price"))),
                one("active by country", List.of(equal("status", "active")), List.of(by("country")), List.of(
                        count, avg("price"))),
                one("insured by category", List.of(
                        new Predicate.Equal(of("insured"), new Value.BoolValue(true)), atLeast("score", 70)), List.of(
                        by("category")), List.of(count, sum("price"))),
                one("installed by month", List.of(), List.of(installedMonth), List.of(count)),
                one("installed by month in a country", List.of(equal("country", "country-a")), List.of(
                        installedMonth), List.of(count, avg("price"))),
                one("score by city", List.of(), List.of(by("city")), List.of(count, avg("score"))),
                one("histogram of price, some categories", List.of(
                        new Predicate.In(of("category"), List.of("category-1", "category-5", "category-9"))), List.of(
                        prices), List.of(count)),
                one("everything", List.of(), List.of(), List.of(
                        count, avg("price"), min("price"), max("price"), sum("weight"))),
                one("country and status", List.of(), List.of(by("country"), by("status")), List.of(count)),
                one("country and category", List.of(), List.of(by("country"), by("category")), List.of(
                        count, avg("score"))),
                one("seen by day", List.of(), List.of(new Key.ByInterval(of("seen"), "day")), List.of(count)),
                one("weight of what is in stock", List.of(atLeast("stock", 100)), List.of(by("country")), List.of(
                        count, avg("weight"))),
                one("names by status", List.of(new Predicate.Prefix(of("name"), "a")), List.of(by("status")), List.of(
                        count)),
                one("cheap or good by country", List.of(new Predicate.Or(List.of(
                        new Predicate.Range(of("score"), Optional.empty(), Optional.of(new Value.NumberValue(20))),
                        atLeast("price", 500)))), List.of(by("country")), List.of(count)),
                one("value by year and country", List.of(), List.of(
                        new Key.ByInterval(of("installed"), "year"), by("country")), List.of(sum("price"))),
                one("cities by country", List.of(), List.of(by("country")), List.of(
                        new Metric(Operation.COUNT_DISTINCT, Optional.of(of("city"))))),
                one("a fortnight by category", List.of(new Predicate.Range(
                        of("seen"), instant("2023-03-01T00:00:00Z"), instant("2023-03-15T00:00:00Z"))), List.of(
                        by("category")), List.of(count, avg("price"), max("score"))));
    }

    private static AggregateCase one(
            String name, List<Predicate> predicates, List<Key> keys, List<Metric> metrics) {
        return new AggregateCase(name, predicates, keys, metrics);
    }

    private Attribute of(String name) {
        return attributes.stream()
                .filter(attribute -> attribute.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Key by(String name) {
        return new Key.ByValue(of(name));
    }

    private Metric avg(String name) {
        return new Metric(Operation.AVG, Optional.of(of(name)));
    }

    private Metric sum(String name) {
        return new Metric(Operation.SUM, Optional.of(of(name)));
    }

    private Metric min(String name) {
        return new Metric(Operation.MIN, Optional.of(of(name)));
    }

    private Metric max(String name) {
        return new Metric(Operation.MAX, Optional.of(of(name)));
    }

    private Predicate equal(String name, String text) {
        return new Predicate.Equal(of(name), new Value.TextValue(text));
    }

    private Predicate.Simple atLeast(String name, double low) {
        return new Predicate.Range(of(name), Optional.of(new Value.NumberValue(low)), Optional.empty());
    }

    private static Optional<Value> instant(String text) {
        return Optional.of(Value.TimestampValue.of(Instant.parse(text)));
    }
}
