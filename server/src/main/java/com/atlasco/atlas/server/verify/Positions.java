package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.Position;
import java.time.Duration;

/** Knows how far sources have come. Thread-safe. */
@FunctionalInterface
public interface Positions {

    /** Waits until the source of that name, {@code primary}, {@code replica}, {@code replica-2}, {@code olap} …, contains a position; false when it does not by then. */
    boolean await(String node, Position position, Duration atMost) throws InterruptedException;
}
