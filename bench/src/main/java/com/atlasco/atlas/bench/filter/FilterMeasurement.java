package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.Medians;
import com.atlasco.atlas.model.Value;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks one filter of every contender, in turns, and compares the answers. One thread. */
final class FilterMeasurement {

    /** What takes longer is not asked again: nothing that has to be warm takes so long. */
    private static final Duration LONG = Duration.ofMillis(250);

    /** A contender that has taken so long with a filter is asked it no more. */
    private static final Duration ENOUGH = Duration.ofMillis(600);

    private final List<Contender> contenders;
    private final Connection reference;
    private final FilterSettings settings;

    /** A contender's turns at one filter. */
    private static final class Turns {
        private final List<Double> millis = new ArrayList<>();
        private Optional<List<Long>> page = Optional.empty();
        private String refusal = "";
        private boolean done;

        private void add(Contender.Answer answer, boolean warm, int repeat) {
            double time = answer.nanos() / 1e6;
            if (warm || time > LONG.toMillis() || answer.page().isEmpty()) {
                millis.add(time);
            }
            page = page.or(answer::page);
            refusal = answer.refusal();
            done = !refusal.isEmpty()
                    || (!warm && !millis.isEmpty())
                    || millis.size() == repeat
                    || millis.stream().mapToDouble(Double::doubleValue).sum() > ENOUGH.toMillis();
        }
    }

    /**
     * @param contenders the one with the wide table among them
     * @param reference a connection to the wide table, for what is not measured
     */
    FilterMeasurement(List<Contender> contenders, Connection reference, FilterSettings settings) {
        this.contenders = contenders;
        this.reference = reference;
        this.settings = settings;
    }

    /**
     * Measures.
     *
     * @throws IllegalStateException when two contenders answer with different pages
     */
    Measured measure(FilterCase filter) throws IOException, SQLException {
        long matches = matches(filter);
        boolean deep = filter.deep() && matches > FilterCase.BEFORE_DEEP_PAGE;
        Optional<Contender.Place> after = deep ? Optional.of(placeBefore(filter)) : Optional.empty();
        Map<Contender, Turns> turns = new LinkedHashMap<>();
        Map<Contender, Contender.Question> questions = new LinkedHashMap<>();
        try {
            for (Contender contender : contenders) {
                turns.put(contender, new Turns());
                questions.put(contender, contender.prepare(filter, after));
            }
            for (int turn = 0; turn <= settings.repeat(); turn++) {
                for (int i = 0; i < contenders.size(); i++) {
                    // Another one begins each time.
                    Contender contender = contenders.get((i + turn + filter.number()) % contenders.size());
                    Turns own = turns.getOrDefault(contender, new Turns());
                    Contender.Question question = questions.get(contender);
                    if (!own.done && question != null) {
                        own.add(question.ask(), turn > 0, settings.repeat());
                    }
                }
            }
        } finally {
            for (Contender.Question question : questions.values()) {
                question.close();
            }
        }
        int rows = compare(filter, turns);
        Map<String, Measured.Time> times = new LinkedHashMap<>();
        turns.forEach((contender, own) -> times.put(
                contender.name(),
                new Measured.Time(
                        own.refusal.isEmpty()
                                ? Medians.of(own.millis, Double::doubleValue)
                                : settings.cut().toMillis(),
                        own.millis.size(),
                        own.refusal)));
        return new Measured(filter, matches, settings.entities(), deep ? FilterCase.DEEP_PAGE : 1, rows, times);
    }

    private static int compare(FilterCase filter, Map<Contender, Turns> turns) {
        Optional<List<Long>> expected = Optional.empty();
        String expectedBy = "";
        for (Map.Entry<Contender, Turns> each : turns.entrySet()) {
            Optional<List<Long>> page = each.getValue().page;
            if (page.isPresent() && expected.isPresent() && !page.equals(expected)) {
                throw new IllegalStateException("%s and %s answer filter %d with different pages: %s%s: %s and %s"
                        .formatted(
                                expectedBy,
                                each.getKey().name(),
                                filter.number(),
                                Cql2.text(filter.predicates()),
                                filter.sort()
                                        .map(sort -> " sorted by " + AtlasContender.sortBy(sort))
                                        .orElse(""),
                                expected.get(),
                                page.get()));
            }
            if (expected.isEmpty() && page.isPresent()) {
                expected = page;
                expectedBy = each.getKey().name();
            }
        }
        return expected.map(List::size).orElse(0);
    }

    private long matches(FilterCase filter) throws SQLException {
        try (PreparedStatement statement = new SqlText()
                        .append("SELECT count(*) FROM wide.asset WHERE ")
                        .append(WideDialect.condition(filter.predicates()))
                        .prepare(reference);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The last row of the page before the 50th. */
    private Contender.Place placeBefore(FilterCase filter) throws SQLException {
        String column = filter.sort().map(sort -> sort.attribute().name()).orElse("entity_id");
        String direction = Dialect.descending(filter) ? " DESC" : "";
        try (PreparedStatement statement = new SqlText()
                        .append("SELECT entity_id, " + column + " FROM wide.asset WHERE ")
                        .append(WideDialect.condition(filter.predicates()))
                        .append(" ORDER BY " + column + direction + ", entity_id" + direction + " LIMIT 1 OFFSET "
                                + (FilterCase.BEFORE_DEEP_PAGE - 1))
                        .prepare(reference);
                ResultSet row = statement.executeQuery()) {
            row.next();
            Optional<Value> value = Optional.empty();
            if (filter.sort().isPresent()) {
                value = Optional.of(
                        switch (filter.sort().get().attribute().type()) {
                            case NUMBER -> new Value.NumberValue(row.getDouble(2));
                            case TEXT -> new Value.TextValue(row.getString(2));
                            case TS ->
                                Value.TimestampValue.of(
                                        row.getObject(2, OffsetDateTime.class).toInstant());
                            case BOOL -> new Value.BoolValue(row.getBoolean(2));
                            case JSON -> throw new IllegalStateException("nothing is sorted by JSON");
                        });
            }
            return new Contender.Place(value, row.getLong(1));
        }
    }
}
