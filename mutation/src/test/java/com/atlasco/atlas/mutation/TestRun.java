package com.atlasco.atlas.mutation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A program that runs test classes in turn, and ends with the first test that fails, or that takes longer than {@link #LIMIT}
 * allows.
 */
final class TestRun {

    /** The property with the milliseconds that a single test may take; without it they may take as long as they do. */
    static final String LIMIT = "atlas.mutation.test.limit.ms";

    /** Stands before how many milliseconds the longest test took. */
    static final String LONGEST = "LONGEST TEST ";

    /** All passed. */
    static final int PASSED = 0;

    /** One failed; it stands behind {@link #FAILED_TEST} in the output. */
    static final int FAILED = 10;

    /** There was nothing to run. */
    static final int EMPTY = 11;

    static final String FAILED_TEST = "FAILED TEST ";

    private TestRun() {}

    private static final class FirstFailure implements TestExecutionListener {
        private final Map<TestIdentifier, Long> running = new ConcurrentHashMap<>();
        private int passed;
        private long longestMillis;

        @Override
        public void executionStarted(TestIdentifier test) {
            if (test.isTest()) {
                running.put(test, System.nanoTime());
            }
        }

        /** Ends the program when a test takes too long. */
        void watch(long limitMillis) {
            Thread.ofPlatform().daemon().start(() -> {
                while (true) {
                    running.forEach((test, begun) -> {
                        if (millisSince(begun) > limitMillis) {
                            fail(test, "did not end within %,d ms".formatted(limitMillis));
                        }
                    });
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                }
            });
        }

        private static long millisSince(long begun) {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            Optional.ofNullable(running.remove(test))
                    .ifPresent(begun -> longestMillis = Math.max(longestMillis, millisSince(begun)));
            if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed += test.isTest() ? 1 : 0;
                return;
            }
            String message = result.getThrowable()
                    .map(failure -> Optional.ofNullable(failure.getMessage()).orElse(failure.toString()))
                    .orElse("aborted")
                    .strip();
            fail(test, message.lines().findFirst().orElse(""));
        }

        private static void fail(TestIdentifier test, String why) {
            System.out.println(FAILED_TEST + name(test) + ": " + why);
            System.out.flush();
            // Threads of the tests may be in the way of an orderly end.
            Runtime.getRuntime().halt(FAILED);
        }

        private static String name(TestIdentifier test) {
            return switch (test.getSource().orElse(null)) {
                case MethodSource method -> method.getJavaClass().getSimpleName() + "." + method.getMethodName();
                case ClassSource type -> type.getJavaClass().getSimpleName();
                case null, default -> test.getDisplayName();
            };
        }
    }

    public static void main(String[] tests) {
        FirstFailure listener = new FirstFailure();
        Optional.ofNullable(Long.getLong(LIMIT)).ifPresent(listener::watch);
        for (String test : List.of(tests)) {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass(test))
                                    .build(),
                            listener);
        }
        System.out.println(LONGEST + listener.longestMillis);
        System.out.flush();
        Runtime.getRuntime().halt(listener.passed == 0 ? EMPTY : PASSED);
    }
}
