package com.atlasco.atlas.bench.pipeline;

import com.atlasco.atlas.bench.Samples;
import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.cluster.CpuSeconds;
import com.atlasco.atlas.bench.http.HttpConnection;
import com.atlasco.atlas.bench.http.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A stretch of time at one rate, and what was seen in it.
 *
 * @param offered entities a second that became due
 * @param acknowledged entities that were written
 * @param refused entities that were answered with an error
 * @param walsenders CPU seconds of the primary's walsenders, a part of the primary's
 */
record Stretch(
        int offered,
        double seconds,
        long acknowledged,
        long refused,
        OpenLoop.Outcome writes,
        OpenLoop.Outcome aggregations,
        OpenLoop.Outcome filters,
        Map<String, Samples> boundBySource,
        List<StatusWatch.Look> looks,
        CpuSeconds cpu,
        double walsenders) {

    private static final int WRITERS = 4;
    private static final int AGGREGATORS = 2;
    private static final int FILTERERS = 4;

    /**
     * Beyond it the middle bound of the last third of a stretch is not that of the first third with some luck: capture gathers
     * changes for a while, the longer the more there are.
     */
    private static final long GROWTH_MILLIS = 600;

    /** What bounds are meant to stay below, 99 of 100 times. */
    static final int OLAP_BAR_MILLIS = 1_000;

    static final int REPLICA_BAR_MILLIS = 150;

    /** Of what became due: one that is written late at the end does not count as lost. */
    private static final double BORNE = 0.98;

    private static final String RESULT_OF_ERROR = "\"error\"";

    /** Runs it: writes, aggregations and filters at their rates, with a look at the status ten times a second. */
    static Stretch run(Cluster cluster, EntityMix mix, int rate, Duration length, long seed)
            throws InterruptedException {
        AtomicLong acknowledged = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        Reads reads = new Reads(mix.first(), seed);
        int size = rate / PipelineSettings.BATCHES_PER_SECOND;
        OpenLoop writes = new OpenLoop(
                "write",
                cluster.url(),
                WRITERS,
                PipelineSettings.BATCHES_PER_SECOND,
                length,
                () -> batch(mix, mix.mixed(size)),
                (response, entities) -> {
                    long errors = errors(response);
                    boolean answered = response.status() == 200;
                    acknowledged.addAndGet(answered ? entities - errors : 0);
                    refused.addAndGet(answered ? errors : entities);
                    return answered && errors == 0;
                });
        OpenLoop aggregations = new OpenLoop(
                "aggregate",
                cluster.url(),
                AGGREGATORS,
                Reads.AGGREGATIONS_PER_SECOND,
                length,
                reads::aggregation,
                reads::heard);
        OpenLoop filters = new OpenLoop(
                "filter", cluster.url(), FILTERERS, Reads.FILTERS_PER_SECOND, length, reads::filter, reads::heard);
        CpuSeconds cpu = cluster.cpu();
        double walsenders = cluster.walsenders();
        long began = System.nanoTime();
        StatusWatch watch = StatusWatch.start(cluster.url());
        OpenLoop.Outcome written;
        OpenLoop.Outcome aggregated;
        OpenLoop.Outcome filtered;
        try (watch) {
            writes.start();
            aggregations.start();
            filters.start();
            written = writes.await();
            aggregated = aggregations.await();
            filtered = filters.await();
        }
        return new Stretch(
                size * PipelineSettings.BATCHES_PER_SECOND,
                (System.nanoTime() - began) / 1e9,
                acknowledged.get(),
                refused.get(),
                written,
                aggregated,
                filtered,
                reads.boundBySource(),
                watch.looks(),
                cluster.cpu().minus(cpu),
                cluster.walsenders() - walsenders);
    }

    /** Items of a batch that were refused. */
    static long errors(HttpConnection.Response response) {
        return response.body()
                .lines()
                .filter(line -> line.contains(RESULT_OF_ERROR))
                .count();
    }

    /** A batch as a request. */
    static OpenLoop.Request batch(EntityMix mix, EntityMix.Batch batch) {
        return new OpenLoop.Request(
                Requests.withBody(
                        "POST",
                        "/api/v1/entities:batch",
                        PipelineSettings.TENANT,
                        "application/x-ndjson",
                        List.of("Accept: application/x-ndjson"),
                        mix.lines(batch)),
                batch.size());
    }

    /** Entities written in a second. */
    double perSecond() {
        return acknowledged / seconds;
    }

    /** Why the rate is too high; empty when all tiers bore it. */
    List<String> complaints() {
        return List.of(
                        perSecond() < BORNE * offered ? "%,.0f/s of %,d/s written".formatted(perSecond(), offered) : "",
                        grows("the replica's bound", StatusWatch.Look::replicaMillis),
                        grows("olap's bound", StatusWatch.Look::olapMillis))
                .stream()
                .filter(complaint -> !complaint.isEmpty())
                .toList();
    }

    /** Why the rate is too high for bounds below their bars; empty when it is not. */
    List<String> complaintsOfBars() {
        List<String> complaints = new ArrayList<>(complaints());
        reaches("the replica's bound", StatusWatch.Look::replicaMillis, REPLICA_BAR_MILLIS)
                .ifPresent(complaints::add);
        reaches("olap's bound", StatusWatch.Look::olapMillis, OLAP_BAR_MILLIS).ifPresent(complaints::add);
        return List.copyOf(complaints);
    }

    private Optional<String> reaches(String what, Function<StatusWatch.Look, OptionalLong> bound, int bar) {
        OptionalLong p99 = bound(bound, 99);
        return p99.isPresent() && p99.getAsLong() < bar
                ? Optional.empty()
                : Optional.of("%s was %s ms".formatted(what, p99.isPresent() ? p99.getAsLong() : "unknown"));
    }

    /** In milliseconds; empty when it was never known. */
    OptionalLong bound(Function<StatusWatch.Look, OptionalLong> bound, double percent) {
        Samples samples = StatusWatch.samples(looks, bound);
        return samples.count() == 0 ? OptionalLong.empty() : OptionalLong.of(samples.percentile(percent));
    }

    private String grows(String what, Function<StatusWatch.Look, OptionalLong> bound) {
        int third = looks.size() / 3;
        Samples first = StatusWatch.samples(looks.subList(0, third), bound);
        Samples last = StatusWatch.samples(looks.subList(looks.size() - third, looks.size()), bound);
        if (first.count() == 0 || last.count() == 0) {
            return what + " is not known";
        }
        long before = first.percentile(50);
        long after = last.percentile(50);
        return after > before + GROWTH_MILLIS ? "%s grew from %,d to %,d ms".formatted(what, before, after) : "";
    }
}
