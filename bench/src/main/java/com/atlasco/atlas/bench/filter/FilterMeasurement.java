package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.Turns;
import com.atlasco.atlas.model.Value;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks one filter of every contender, in turns, and compares the answers. One thread. */
final class FilterMeasurement {

    /** Of peers, at a million entities: what takes so long is not about what is warm, and there are hundreds of filters. */
    private static final Duration LONG = Duration.ofMillis(250);

    private final List<Contender> contenders;
    private final Connection reference;
    private final FilterSettings settings;

    /** A contender at one filter. */
    private static final class Asked {
        private final Contender.Question question;
        private final Turns turns;
        private Optional<List<Long>> page = Optional.empty();
        private String refusal = "";

        Asked(Contender.Question question, int repeat, Duration longest) {
            this.question = question;
            this.turns = new Turns(repeat, longest);
        }

        void ask(Duration cut) throws IOException, SQLException {
            if (turns.isDone()) {
                return;
            }
            Contender.Answer answer = question.ask();
            page = page.or(answer::page);
            refusal = answer.refusal();
            if (answer.page().isPresent()) {
                turns.add(answer.nanos());
            } else {
                turns.end(cut);
            }
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
        Map<Contender, Asked> asked = new LinkedHashMap<>();
        try {
            for (Contender contender : contenders) {
                asked.put(
                        contender, new Asked(contender.prepare(filter, after), settings.repeat(), longest(contender)));
            }
            List<Asked> order = new ArrayList<>(asked.values());
            for (int turn = 0; turn <= settings.repeat(); turn++) {
                for (Asked each : order) {
                    each.ask(settings.cut());
                }
                // Another one begins each time.
                Collections.rotate(order, 1);
            }
        } finally {
            for (Asked each : asked.values()) {
                each.question.close();
            }
        }
        int rows = compare(filter, asked);
        Map<String, Measured.Time> times = new LinkedHashMap<>();
        asked.forEach((contender, own) -> times.put(
                contender.name(), new Measured.Time(own.turns.medianMillis(), own.turns.counted(), own.refusal)));
        return new Measured(filter, matches, settings.entities(), deep ? FilterCase.DEEP_PAGE : 1, rows, times);
    }

    private static Duration longest(Contender contender) {
        return FilterSettings.PEERS.contains(contender.name()) ? LONG : Turns.VERY_LONG;
    }

    private static int compare(FilterCase filter, Map<Contender, Asked> asked) {
        Optional<List<Long>> expected = Optional.empty();
        String expectedBy = "";
        for (Map.Entry<Contender, Asked> each : asked.entrySet()) {
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
