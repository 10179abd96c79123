package com.atlasco.atlas.mutation;

import java.util.List;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A program that runs test classes in turn, and ends with the first test that fails. */
final class TestRun {

    /** All passed. */
    static final int PASSED = 0;

    /** One failed; it stands behind {@link #FAILED_TEST} in the output. */
    static final int FAILED = 10;

    /** There was nothing to run. */
    static final int EMPTY = 11;

    static final String FAILED_TEST = "FAILED TEST ";

    private TestRun() {}

    private static final class FirstFailure implements TestExecutionListener {
        private int passed;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed += test.isTest() ? 1 : 0;
                return;
            }
            String message = result.getThrowable()
                    .map(failure -> Optional.ofNullable(failure.getMessage()).orElse(failure.toString()))
                    .orElse("aborted")
                    .strip();
            System.out.println(FAILED_TEST + name(test) + ": "
                    + message.lines().findFirst().orElse(""));
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
        for (String test : List.of(tests)) {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass(test))
                                    .build(),
                            listener);
        }
        System.out.flush();
        Runtime.getRuntime().halt(listener.passed == 0 ? EMPTY : PASSED);
    }
}
