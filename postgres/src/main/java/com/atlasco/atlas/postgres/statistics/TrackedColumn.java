package com.atlasco.atlas.postgres.statistics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * One column's sketches, from a sample and from the changes since. Old values that changes replace stay in the sketches
 * until these are built anew, which is due when a fifth has changed. Thread-safe.
 */
final class TrackedColumn<K> {

    private static final double DUE = 0.2;
    private static final long FEW = 1_000;
    /** What is shown follows the changes in steps of this share. */
    private static final double STEP = 0.01;

    private static final double SAME_ROWS = 0.05;
    private static final double SAME_DISTINCT = 0.1;
    private static final double SAME_SHARE = 0.05;

    private final ReentrantLock lock = new ReentrantLock();
    private final Sketches<K> sketches;
    private final RandomGenerator random;
    private final double sampled;
    private final double distinctBuilt;
    private final double distinctSeen;
    private final double rowsBuilt;
    private final long builtAt;
    private volatile Duration freshFor;
    private double rows;
    private long changes;
    private long changesShown;
    private AttributeStatistics shown;

    /**
     * Statistics of a sample.
     *
     * @param builtAt in nanoseconds of a monotonic clock
     * @param freshFor after which they are to be built anew, changes or not
     * @param random decides which of the changes are taken into a sample that is smaller than the whole
     */
    TrackedColumn(
            Axis<K> axis, SampleReader.Sample<K> sample, long builtAt, Duration freshFor, RandomGenerator random) {
        this.sketches = new Sketches<>(axis);
        this.random = random;
        this.builtAt = builtAt;
        this.freshFor = freshFor;
        sample.keys().forEach(sketches::add);
        this.rows = sample.rows();
        this.rowsBuilt = sample.rows();
        this.sampled = sample.rows() == 0 ? 1 : Math.min(1, sample.keys().size() / sample.rows());
        this.distinctBuilt = Sketches.distinctOf(sample.keys(), sample.rows());
        this.distinctSeen = sketches.distinctSeen();
        this.shown = sketches.freeze(rows, distinctBuilt);
    }

    /**
     * Takes a value in that was written.
     *
     * @param created whether with a new entity
     */
    void learn(Object key, boolean created) {
        lock.lock();
        try {
            changes++;
            if (created) {
                rows++;
            }
            if (sampled == 1 || random.nextDouble() < sampled) {
                sketches.add(sketches.axis().type().cast(key));
            }
        } finally {
            lock.unlock();
        }
    }

    /** A row is gone, of whatever value. */
    void forgetOne() {
        lock.lock();
        try {
            changes++;
            rows = Math.max(0, rows - 1);
        } finally {
            lock.unlock();
        }
    }

    AttributeStatistics current() {
        lock.lock();
        try {
            if (changes - changesShown > STEP * rowsBuilt) {
                shown = sketches.freeze(rows, distinctBuilt + Math.max(0, sketches.distinctSeen() - distinctSeen));
                changesShown = changes;
            }
            return shown;
        } finally {
            lock.unlock();
        }
    }

    /** Whether so much has changed that what is shown may mislead. */
    boolean isDue() {
        lock.lock();
        try {
            return changes > Math.max(FEW, DUE * rowsBuilt);
        } finally {
            lock.unlock();
        }
    }

    long builtAt() {
        return builtAt;
    }

    Duration freshFor() {
        return freshFor;
    }

    TrackedColumn<K> freshFor(Duration time) {
        freshFor = time;
        return this;
    }

    /** Whether about the same was found as another time; what is small grows fast and is like nothing. */
    boolean isLike(TrackedColumn<?> other) {
        return rowsBuilt >= FEW
                && Math.abs(rowsBuilt - other.rowsBuilt) <= SAME_ROWS * other.rowsBuilt
                && Math.abs(distinctBuilt - other.distinctBuilt) <= SAME_DISTINCT * other.distinctBuilt
                && hasSameFirst(current().frequent(1), other.current().frequent(1));
    }

    private static boolean hasSameFirst(
            List<AttributeStatistics.Frequent> ones, List<AttributeStatistics.Frequent> others) {
        if (ones.isEmpty() || others.isEmpty()) {
            return ones.isEmpty() && others.isEmpty();
        }
        AttributeStatistics.Frequent one = ones.getFirst();
        AttributeStatistics.Frequent other = others.getFirst();
        // Of values that few rows have any may come first.
        return Math.abs(one.share() - other.share()) <= SAME_SHARE
                && (one.share() <= SAME_SHARE || one.key().equals(other.key()));
    }

    long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    int bytes() {
        lock.lock();
        try {
            return (int) Math.min(Integer.MAX_VALUE, sketches.bytes());
        } finally {
            lock.unlock();
        }
    }
}
