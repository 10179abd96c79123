package com.atlasco.atlas.mutation;

import java.util.List;
import java.util.stream.Stream;

/** Tests that are to notice errors, the quick ones first. */
enum Suite {
    MODEL("model"),
    FRESHNESS("freshness"),
    REPLICAS("freshness"),
    CACHE("freshness"),
    LINEAGE("postgres"),
    VISIBLE("postgres"),
    CAPTURE("capture"),
    LAG("capture"),
    SHOWN("server"),
    ALERTS("server"),
    BENCH("bench");

    private final String module;

    Suite(String module) {
        this.module = module;
    }

    /** The Maven module, which is the directory's name too. */
    String module() {
        return module;
    }

    /** Test classes by their full names. */
    List<String> tests() {
        return switch (this) {
            case MODEL -> in("model", "LsnTest", "PositionTest");
            case FRESHNESS ->
                in(
                        "freshness",
                        "ConsistencyTokenTest",
                        "FreshnessClassTest",
                        "HeartbeatLogTest",
                        "HeartbeatPulseTest",
                        "PrimaryMonitorTest",
                        "SourceTrackerTest",
                        "ReadPermitTest",
                        "RouterTest",
                        "RouterRefusalsTest",
                        "RoutingPreferenceTest",
                        "FlapDampingTest",
                        "FreshnessSimulationTest");
            case REPLICAS -> in("freshness", "SeveralReplicasTest");
            case CACHE -> in("freshness", "EntityCacheTest", "CacheSimulationTest");
            case LINEAGE -> in("postgres", "PrimaryLineageTest", "HeartbeatReaderTest");
            case VISIBLE -> in("postgres.read", "VisibleCommitsTest");
            case CAPTURE ->
                in("capture", "StreamPlaceTest", "StreamCursorTest", "StartDecisionTest", "BatchApplierTest");
            case LAG -> in("capture.lag", "LagTrackerTest", "SlotAlarmTest");
            case SHOWN -> in("server.read", "MostShownTest");
            case ALERTS -> in("server.alert", "AlertEvaluatorTest", "NodeReadingsTest");
            case BENCH -> in("bench.freshness", "AckLogTest", "AnswerTest", "ReaderTest");
        };
    }

    private static List<String> in(String concept, String... tests) {
        return Stream.of(tests)
                .map(test -> "com.atlasco.atlas." + concept + "." + test)
                .toList();
    }
}
