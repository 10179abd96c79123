package com.atlasco.atlas.it.server;

import com.atlasco.atlas.it.TestCluster;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One node for all test classes of a run, on a database of its own in the {@link TestCluster}: started when the first
 * asks for it, stopped at the end. {@code @ExtendWith(TestServer.class)} lets constructors take a {@link RunningServer}.
 *
 * <p>A cluster bears one node only, since its replication slot has one name; who wants a restart restarts this one.
 */
final class TestServer implements ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(TestServer.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // The cluster first: what is stored first is closed last.
        TestCluster.TestDatabase database = TestCluster.database(context, TestServer.class);
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(RunningServer.class, key -> RunningServer.start(database), RunningServer.class);
    }
}
