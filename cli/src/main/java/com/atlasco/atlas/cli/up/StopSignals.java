package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.ExitCode;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Hears Ctrl-C and SIGTERM. The first ends the process the regular way, through its shutdown hooks; the JVM's own
 * handler would do that too, but would leave a second Ctrl-C without an answer.
 *
 * <p>{@code sun.misc.Signal} is reached by reflection because javac warns of its use in a way that cannot be silenced.
 */
final class StopSignals {

    private StopSignals() {}

    /**
     * Begins to listen.
     *
     * @param first hears the exit code to end with
     * @param again hears every further signal
     */
    static void listen(IntConsumer first, Runnable again) {
        AtomicBoolean heard = new AtomicBoolean();
        handle("INT", () -> hear(heard, () -> first.accept(ExitCode.INTERRUPTED), again));
        handle("TERM", () -> hear(heard, () -> first.accept(ExitCode.TERMINATED), again));
    }

    private static void hear(AtomicBoolean heard, Runnable first, Runnable again) {
        if (heard.compareAndSet(false, true)) {
            // Not on the signal's own thread, which would then wait for the end and hear nothing more.
            Thread.ofPlatform().name("atlas-stop").start(first);
        } else {
            again.run();
        }
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    StopSignals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        switch (method.getName()) {
                            case "handle" -> action.run();
                            case "equals" -> {
                                return System.identityHashCode(self) == System.identityHashCode(arguments[0]);
                            }
                            case "hashCode" -> {
                                return System.identityHashCode(self);
                            }
                            default -> {
                                return "atlas stops on " + name;
                            }
                        }
                        return proxyResultOfVoid();
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
            // The JVM's own handler stays: it ends the process through the shutdown hooks as well.
        }
    }

    @SuppressWarnings("NullAway") // A proxy's method without a result returns null.
    private static Object proxyResultOfVoid() {
        return null;
    }
}
