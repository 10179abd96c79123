package com.atlasco.atlas.postgres.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.FrequentItemsSketch;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.kll.KllItemsSketch;
import org.apache.datasketches.quantilescommon.GenericSortedView;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;

/**
 * Sketches of one attribute's keys: quantiles, frequent values, distinct values. Not thread-safe; what {@link #freeze}
 * returns is immutable.
 */
final class Sketches<K> {

    /** Ranks are right within 0.3 % of the values. */
    private static final int QUANTILES = 1024;
    /** Three quarters as many values are counted exactly. */
    private static final int FREQUENT = 1024;
    /** Distinct values within 1.6 %. */
    private static final int LOG_REGISTERS = 12;
    /** A value has to be met so often before its count says more than chance. */
    private static final int MET = 8;

    private static final int OVERHEAD_BYTES = 4096 + 40 * FREQUENT + (1 << LOG_REGISTERS);

    private final Axis<K> axis;
    private final KllItemsSketch<K> quantiles;
    private final FrequentItemsSketch<K> frequent = new FrequentItemsSketch<>(FREQUENT);
    private final HllSketch distinct = new HllSketch(LOG_REGISTERS);
    private long count;

    Sketches(Axis<K> axis) {
        this.axis = axis;
        this.quantiles = KllItemsSketch.newHeapInstance(QUANTILES, axis.order(), axis.form());
    }

    Axis<K> axis() {
        return axis;
    }

    void add(K key) {
        quantiles.update(key);
        frequent.update(key);
        axis.count().accept(distinct, key);
        count++;
    }

    long count() {
        return count;
    }

    double distinctSeen() {
        return distinct.getEstimate();
    }

    /** An upper bound of what this takes in memory, about. */
    long bytes() {
        return OVERHEAD_BYTES + (long) axis.keyBytes() * (quantiles.getNumRetained() + frequent.getNumActiveItems());
    }

    /**
     * How many different values a whole has of which these were a random sample: by Haas and Stokes ("Duj1"), from how
     * many of them were met just once.
     */
    static <K> double distinctOf(List<K> sample, double rows) {
        Map<K, Integer> counts = new HashMap<>();
        sample.forEach(key -> counts.merge(key, 1, Integer::sum));
        if (sample.size() >= rows) {
            return counts.size();
        }
        double once = counts.values().stream().filter(met -> met == 1).count();
        double n = sample.size();
        return Math.max(counts.size(), n * counts.size() / (n - once + once * n / rows));
    }

    /**
     * What is known by now.
     *
     * @param rows how many rows the keys stand for
     * @param distinctRows how many different values these have
     */
    AttributeStatistics freeze(double rows, double distinctRows) {
        if (count == 0) {
            return new Frozen<>(axis, Optional.empty(), Map.of(), List.of(), 0, rows, 0);
        }
        Map<K, Double> shares = new HashMap<>();
        List<AttributeStatistics.Frequent> ordered = new ArrayList<>();
        double frequentShare = 0;
        for (FrequentItemsSketch.Row<K> row : frequent.getFrequentItems(ErrorType.NO_FALSE_POSITIVES)) {
            if (row.getLowerBound() >= MET || frequent.getMaximumError() == 0) {
                double share = Math.min(1, row.getEstimate() / (double) count);
                shares.put(row.getItem(), share);
                ordered.add(new AttributeStatistics.Frequent(row.getItem(), share));
                frequentShare += share;
            }
        }
        ordered.sort(
                Comparator.comparingDouble(AttributeStatistics.Frequent::share).reversed());
        return new Frozen<>(
                axis,
                Optional.of(quantiles.getSortedView()),
                Map.copyOf(shares),
                List.copyOf(ordered),
                Math.max(0, 1 - frequentShare),
                rows,
                Math.max(distinctRows, shares.size()));
    }

    /** {@inheritDoc} */
    private record Frozen<K>(
            Axis<K> axis,
            Optional<GenericSortedView<K>> view,
            Map<K, Double> shares,
            List<Frequent> ordered,
            double otherShare,
            double rows,
            double distinct)
            implements AttributeStatistics {

        @Override
        public double resolution() {
            return view.map(known -> Math.max(1, rows / Math.max(1, known.getN())))
                    .orElse(1.0);
        }

        @Override
        public double equal(Object key) {
            K wanted = key(key);
            Optional<Double> share = Optional.ofNullable(shares.get(wanted));
            if (share.isPresent()) {
                return share.get() * rows;
            }
            // Not met often: one of the others, which are taken to be equally frequent.
            double others = distinct - shares.size();
            return others < 1 ? 0 : Math.max(Math.min(1, rows), otherShare * rows / others);
        }

        @Override
        public double between(Optional<End> low, Optional<End> high) {
            if (view.isEmpty()) {
                return 0;
            }
            double below = low.map(end -> rank(end.key(), !end.inclusive())).orElse(0.0);
            double upTo = high.map(end -> rank(end.key(), end.inclusive())).orElse(1.0);
            return Math.max(0, upTo - below) * rows;
        }

        private double rank(Object key, boolean inclusive) {
            return view.orElseThrow()
                    .getRank(key(key), inclusive ? QuantileSearchCriteria.INCLUSIVE : QuantileSearchCriteria.EXCLUSIVE);
        }

        private K key(Object key) {
            return axis.type().cast(key instanceof String text ? TextKeys.cut(text) : key);
        }

        @Override
        public List<Frequent> frequent(int most) {
            return ordered.subList(0, Math.min(most, ordered.size()));
        }

        @Override
        public List<Object> quantiles(double... ranks) {
            List<Object> keys = new ArrayList<>();
            for (double rank : ranks) {
                view.ifPresent(known -> keys.add(known.getQuantile(rank, QuantileSearchCriteria.INCLUSIVE)));
            }
            return keys;
        }
    }
}
