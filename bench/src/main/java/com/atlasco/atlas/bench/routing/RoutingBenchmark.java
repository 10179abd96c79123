package com.atlasco.atlas.bench.routing;

import com.atlasco.atlas.freshness.ConsistencyToken;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Run by {@link RoutingBench}: JMH wants it public and open. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoutingBenchmark {

    private Optional<RoutedNode> node = Optional.empty();
    private Optional<ConsistencyToken> token = Optional.empty();

    /** Starts heartbeats and monitors. */
    @Setup
    public void open() {
        RoutedNode opened = new RoutedNode();
        node = Optional.of(opened);
        token = Optional.of(opened.token());
    }

    /** Stops them. */
    @TearDown
    public void close() {
        node.ifPresent(RoutedNode::close);
    }

    /** A read of the replica. */
    @Benchmark
    public Duration replica() {
        return node.orElseThrow().replicaRead(Optional.empty());
    }

    /** One with a token. */
    @Benchmark
    public Duration replicaWithToken() {
        return node.orElseThrow().replicaRead(token);
    }

    /** A read that the cache serves. */
    @Benchmark
    public Duration cache() {
        return node.orElseThrow().cachedRead(1 + ThreadLocalRandom.current().nextLong(RoutedNode.ENTITIES));
    }
}
