package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.postgres.read.Driver.Scan;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Index entries in the order of a page, from which rows are taken until the page is full. Every statement looks at a
 * window of at most so many entries: a limit inside is what makes PostgreSQL walk the index instead of sorting.
 */
sealed interface Walk {

    /** The place of an entry in the walk: its key, where the walk goes by keys, and its entity_id. */
    record Place(Optional<Object> key, long entityId) {}

    boolean descending();

    /** A window's entries behind a place, in order: entity_id, and by the name sort_key the key. */
    Sql window(long tenant, Optional<Place> after, int size);

    /** What rows are ordered by, of a table with the columns of {@link #window}. */
    default String order(String table) {
        return table + ".entity_id" + direction();
    }

    default String direction() {
        return descending() ? " DESC" : "";
    }

    /** Reads a row of {@link #window}: entity_id, then sort_key. */
    default Place place(ResultSet row) throws SQLException {
        return new Place(Optional.empty(), row.getLong(1));
    }

    String description();

    /** The documents themselves, in the order of entity_id. */
    record Entities(Optional<Scan> bounds, boolean descending) implements Walk {

        @Override
        public Sql window(long tenant, Optional<Place> after, int size) {
            return window("p.entity_id", tenant, after, size);
        }

        /** The same entries with all columns of their rows. */
        Sql rows(long tenant, Optional<Place> after, int size) {
            return window("p.*", tenant, after, size);
        }

        private Sql window(String columns, long tenant, Optional<Place> after, int size) {
            Sql rows = bounds.map(bound -> bound.rows(tenant)).orElseGet(() -> IndexKey.ENTITY_ID.rows(tenant));
            return ById.single(columns, rows, after, descending, size);
        }

        @Override
        public String description() {
            return "walk the documents by entity_id";
        }
    }

    /** In the order of entity_id, along the entries of some values of one index. */
    record ById(List<Scan> values, boolean descending) implements Walk {

        @Override
        public Sql window(long tenant, Optional<Place> after, int size) {
            if (values.size() == 1) {
                return single("p.entity_id", values.getFirst().rows(tenant), after, descending, size);
            }
            // Branches in order are merged in order; each needs no more than the whole.
            return Sql.of("SELECT u.entity_id FROM (")
                    .append(Sql.join(
                            " UNION ALL ",
                            values.stream()
                                    .map(value -> single("p.entity_id", value.rows(tenant), after, descending, size)
                                            .parenthesized())
                                    .toList()))
                    .append(") u ORDER BY u.entity_id" + direction() + " LIMIT ?::int", size);
        }

        private static Sql single(String columns, Sql rows, Optional<Place> after, boolean descending, int size) {
            Sql sql = Sql.of("SELECT " + columns).append(rows);
            after.ifPresent(place ->
                    sql.append(" AND p.entity_id " + (descending ? "<" : ">") + " ?::bigint", place.entityId()));
            return sql.append(" ORDER BY p.entity_id" + (descending ? " DESC" : "") + " LIMIT ?::int", size);
        }

        @Override
        public String description() {
            return "walk %s%s by entity_id"
                    .formatted(
                            values.getFirst().description(),
                            values.size() == 1 ? "" : " and %d other values".formatted(values.size() - 1));
        }
    }

    /**
     * In the ascending order of entity_id, along the entities that have all of several values: the entries of each are in
     * that order, and are merged.
     */
    record Merged(List<Scan> values) implements Walk {

        @Override
        public boolean descending() {
            return false;
        }

        @Override
        public Sql window(long tenant, Optional<Place> after, int size) {
            Sql beyond = after.map(place -> Sql.of(" AND p.entity_id > ?::bigint", place.entityId()))
                    .orElseGet(Sql::new);
            return Sql.join(
                            " INTERSECT ALL ",
                            values.stream()
                                    .map(value ->
                                            value.entityIds(tenant, beyond).parenthesized())
                                    .toList())
                    .append(" ORDER BY entity_id LIMIT ?::int", size);
        }

        @Override
        public String description() {
            return "merge "
                    + String.join(
                            " and ", values.stream().map(Scan::description).toList())
                    + " by entity_id";
        }
    }

    /**
     * In the order of a property's values.
     *
     * @param restriction the part of the filter that concerns the same index
     * @param byFullText whether there is text that its key cuts off, so that entries of one key are sorted by their text
     */
    record ByKey(IndexKey key, Optional<Scan> restriction, boolean byFullText, boolean descending) implements Walk {

        /** The same with equal keys in the order of their texts. */
        ByKey withFullText() {
            return new ByKey(key, restriction, true, descending);
        }

        @Override
        public Sql window(long tenant, Optional<Place> after, int size) {
            String column = "p." + key.column();
            Sql sql = Sql.of("SELECT p.entity_id, " + (byFullText ? "p.value_text" : column) + " AS sort_key"
                            + (byFullText ? ", " + column + " AS text_key" : ""))
                    .append(restriction.map(scan -> scan.rows(tenant)).orElseGet(() -> key.rows(tenant)));
            after.ifPresent(place -> sql.append(beyond(column, place)));
            return sql.append(
                    " ORDER BY " + column + direction() + (byFullText ? ", p.value_text" + direction() : "")
                            + ", p.entity_id" + direction() + " LIMIT ?::int",
                    size);
        }

        private Sql beyond(String column, Place place) {
            String operator = descending ? " < " : " > ";
            Object value = place.key().orElseThrow();
            if (byFullText) {
                return Sql.of(
                        " AND (" + column + ", p.value_text, p.entity_id)" + operator + "(?::text, ?::text, ?::bigint)",
                        IndexKey.textKey((String) value),
                        value,
                        place.entityId());
            }
            return Sql.of(
                    " AND (" + column + ", p.entity_id)" + operator + "(?::" + key.sqlType() + ", ?::bigint)",
                    value,
                    place.entityId());
        }

        private boolean isOfOneKey() {
            return restriction
                    .filter(scan -> scan.condition() instanceof Driver.Condition.Equal)
                    .isPresent();
        }

        @Override
        public String order(String table) {
            if (isOfOneKey() && !byFullText) {
                // Said so, since PostgreSQL forgets that the key is a constant, and would look all up and sort.
                return Walk.super.order(table);
            }
            String tie = ", " + table + ".entity_id" + direction();
            return byFullText
                    ? table + ".text_key" + direction() + ", " + table + ".sort_key" + direction() + tie
                    : table + ".sort_key" + direction() + tie;
        }

        @Override
        public Place place(ResultSet row) throws SQLException {
            Object value = switch (key.sqlType()) {
                case "float8" -> row.getDouble(2);
                case "boolean" -> row.getBoolean(2);
                case "timestamptz" ->
                    row.getObject(2, OffsetDateTime.class).toInstant().toString();
                default -> row.getString(2);
            };
            return new Place(Optional.of(value), row.getLong(1));
        }

        @Override
        public String description() {
            return "walk %s in order%s%s"
                    .formatted(
                            key.name(),
                            restriction
                                    .map(scan -> ", where" + scan.condition().description())
                                    .orElse(""),
                            byFullText ? ", ties by the full text" : "");
        }
    }
}
