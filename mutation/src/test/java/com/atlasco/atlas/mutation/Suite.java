package com.atlasco.atlas.mutation;

import java.util.List;
import java.util.stream.Stream;

/** Tests that are to notice errors, the quick ones first. */
enum Suite {
    MODEL("model", "model.LsnTest", "model.PositionTest"),
    FRESHNESS(
            "freshness",
            "freshness.ConsistencyTokenTest",
            "freshness.FreshnessClassTest",
            "freshness.HeartbeatLogTest",
            "freshness.HeartbeatPulseTest",
            "freshness.PrimaryMonitorTest",
            "freshness.SourceTrackerTest",
            "freshness.ReadPermitTest",
            "freshness.RouterTest",
            "freshness.RouterRefusalsTest",
            "freshness.RoutingPreferenceTest",
            "freshness.FreshnessSimulationTest"),
    ALERTS("server", "server.alert.AlertEvaluatorTest", "server.alert.NodeReadingsTest"),
    BENCH("bench", "bench.freshness.AckLogTest", "bench.freshness.AnswerTest", "bench.freshness.ReaderTest");

    private final String module;
    private final List<String> tests;

    Suite(String module, String... tests) {
        this.module = module;
        this.tests = Stream.of(tests).map(test -> "com.atlasco.atlas." + test).toList();
    }

    /** The Maven module, which is the directory's name too. */
    String module() {
        return module;
    }

    /** Test classes by their full names. */
    List<String> tests() {
        return tests;
    }
}
