package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.Turns;
import com.atlasco.atlas.bench.dataset.EntitySource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** The filter workload asked of Atlas alone. Not thread-safe. */
public final class AtlasWorkload {

    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration REFUSED = Duration.ofSeconds(10);
    private static final Contender.Place SOMEWHERE = new Contender.Place(Optional.empty(), 1);

    private final List<FilterCase> filters;
    private final List<FilterCase> others;

    /**
     * The same filters for the same arguments, however many entities there are.
     *
     * @param entities that there are at least
     */
    public AtlasWorkload(EntitySource source, long entities, int filters, long seed) {
        this.filters = new Workload(source, entities, seed).filters(filters);
        this.others = new Workload(source, entities, seed + 1).filters(filters);
    }

    /**
     * How long filters took: the median of each, and of those the percentiles.
     *
     * @param refused how many were not answered; they count with ten seconds
     */
    public record Outcome(double p50Millis, double p99Millis, int refused) {}

    /**
     * Asks them one after another over one connection, after some seconds of others that do not count.
     *
     * @param repeat how often each is asked, after once that does not count
     */
    public Outcome run(URI url, long tenant, int repeat) throws IOException {
        try (AtlasContender atlas = new AtlasContender(url, tenant)) {
            long end = System.nanoTime() + WARM_UP.toNanos();
            for (int i = 0; System.nanoTime() < end; i++) {
                atlas.prepare(others.get(i % others.size()), Optional.empty()).ask();
            }
            List<Double> medians = new ArrayList<>();
            int refused = 0;
            for (FilterCase filter : filters) {
                AtlasContender.Asked question = question(atlas, filter);
                Turns turns = new Turns(repeat, Turns.VERY_LONG);
                for (int turn = 0; turn <= repeat && !turns.isDone(); turn++) {
                    Contender.Answer answer = question.ask();
                    if (answer.page().isPresent()) {
                        turns.add(answer.nanos());
                    } else {
                        refused++;
                        turns.end(REFUSED);
                    }
                }
                medians.add(turns.medianMillis());
            }
            return new Outcome(FilterFigures.percentile(medians, 50), FilterFigures.percentile(medians, 99), refused);
        }
    }

    /** Asks others over two connections, for so long. */
    public void warmUp(URI url, long tenant, Duration time) throws InterruptedException, ExecutionException {
        new QuickFilters(url, tenant, others).ask(time);
    }

    /** For the 50th page where there is one. */
    private static AtlasContender.Asked question(AtlasContender atlas, FilterCase filter) throws IOException {
        AtlasContender.Asked deep = atlas.prepare(filter, filter.deep() ? Optional.of(SOMEWHERE) : Optional.empty());
        return deep.canBeAsked() ? deep : atlas.prepare(filter, Optional.empty());
    }
}
