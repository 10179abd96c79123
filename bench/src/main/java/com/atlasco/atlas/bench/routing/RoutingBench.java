package com.atlasco.atlas.bench.routing;

import com.atlasco.atlas.bench.BenchReport;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures with JMH, in a JVM of its own, what choosing a source adds to a read. No server is started. */
public final class RoutingBench {

    private static final int WARM_UPS = 3;

    private final int iterations;

    /** @param iterations of a second each, for each case; at least 1 */
    public RoutingBench(int iterations) {
        this.iterations = iterations;
    }

    /**
     * Runs all cases.
     *
     * @throws RunnerException when the other JVM fails
     */
    public BenchReport run() throws RunnerException {
        Options options = new OptionsBuilder()
                .include(RoutingBenchmark.class.getName().replace(".", "\\."))
                .addProfiler(CpuProfiler.class)
                .forks(1)
                .jvmArgs("-Xmx512m", "--sun-misc-unsafe-memory-access=allow")
                .warmupIterations(WARM_UPS)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.seconds(1))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        Map<String, Object> figures = new LinkedHashMap<>();
        for (RunResult result : new Runner(options).run()) {
            String name = snake(result.getPrimaryResult().getLabel());
            double cpu = Objects.requireNonNull(result.getSecondaryResults().get(CpuProfiler.LABEL))
                    .getScore();
            figures.put(name + "_cpu_us", micros(cpu));
            figures.put(name + "_time_us", micros(result.getPrimaryResult().getScore()));
        }
        return new BenchReport("routing", Map.of("iterations", iterations), figures, Map.of());
    }

    private static String snake(String camel) {
        return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static BigDecimal micros(double nanos) {
        return BigDecimal.valueOf(nanos / 1_000).setScale(3, RoundingMode.HALF_UP);
    }
}
