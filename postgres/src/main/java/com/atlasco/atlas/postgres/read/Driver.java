package com.atlasco.atlas.postgres.read;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A part of a filter that an index can answer: a superset of the rows that the part keeps, since the whole filter is
 * checked again in the document.
 */
sealed interface Driver {

    /**
     * The entity ids it leads to, each once, in no order: a query with the column entity_id.
     *
     * @param restriction a further condition on the rows p; begins with AND, or is empty
     */
    Sql entityIds(long tenant, Sql restriction);

    /** The scans it consists of. */
    Stream<Scan> scans();

    /** For people. */
    String description();

    /** The rows of one index that meet a condition. */
    record Scan(IndexKey key, Condition condition) implements Driver {

        @Override
        public Sql entityIds(long tenant, Sql restriction) {
            return Sql.of("SELECT p.entity_id").append(rows(tenant)).append(restriction);
        }

        /** As {@code FROM … WHERE …}, with p for the table. */
        Sql rows(long tenant) {
            return key.rows(tenant).append(condition.sql(key));
        }

        /** The scans of single values that this one consists of; empty for a range, and for too many values. */
        List<Scan> singleValues() {
            return switch (condition) {
                case Condition.Equal _ -> List.of(this);
                case Condition.In(List<Object> keys)
                when keys.size() <= 32 ->
                    keys.stream()
                            .map(each -> new Scan(key, new Condition.Equal(each)))
                            .toList();
                case Condition.In _, Condition.Range _ -> List.of();
            };
        }

        @Override
        public Stream<Scan> scans() {
            return Stream.of(this);
        }

        @Override
        public String description() {
            return key.name() + condition.description();
        }
    }

    /** Whatever one of the branches leads to. */
    record Union(List<Driver> branches) implements Driver {

        @Override
        public Sql entityIds(long tenant, Sql restriction) {
            return Sql.join(
                    " UNION ",
                    branches.stream()
                            .map(branch -> branch.entityIds(tenant, restriction).parenthesized())
                            .toList());
        }

        @Override
        public Stream<Scan> scans() {
            return branches.stream().flatMap(Driver::scans);
        }

        @Override
        public String description() {
            return "("
                    + String.join(
                            " or ", branches.stream().map(Driver::description).toList()) + ")";
        }
    }

    /** What a key must be. */
    sealed interface Condition {

        /** Begins with AND, or is empty. */
        Sql sql(IndexKey key);

        /** What follows the name of the key; no values. */
        String description();

        record Equal(Object value) implements Condition {
            @Override
            public Sql sql(IndexKey key) {
                return Sql.of(" AND p." + key.column() + " = ").append(key.parameter(value));
            }

            @Override
            public String description() {
                return " = …";
            }
        }

        /** Different values. */
        record In(List<Object> values) implements Condition {
            @Override
            public Sql sql(IndexKey key) {
                return Sql.of(
                        " AND p." + key.column() + " = ANY (?::" + key.sqlType() + "[])",
                        new Sql.ArrayOf(key.sqlType(), values));
            }

            @Override
            public String description() {
                return " IN (" + values.size() + ")";
            }
        }

        record Range(Optional<Bound> low, Optional<Bound> high) implements Condition {
            @Override
            public Sql sql(IndexKey key) {
                Sql sql = new Sql();
                low.ifPresent(bound -> sql.append(" AND p." + key.column() + (bound.inclusive() ? " >= " : " > "))
                        .append(key.parameter(bound.value())));
                high.ifPresent(bound -> sql.append(" AND p." + key.column() + (bound.inclusive() ? " <= " : " < "))
                        .append(key.parameter(bound.value())));
                return sql;
            }

            @Override
            public String description() {
                return low.isPresent() && high.isPresent()
                        ? " in a range"
                        : low.map(bound -> " > …").orElseGet(() -> high.isPresent() ? " < …" : " present");
            }
        }
    }

    /** One end of a range. */
    record Bound(Object value, boolean inclusive) {}
}
