package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Duration;

/** Knows how far sources have come. Thread-safe. */
@FunctionalInterface
public interface Positions {

    /** Waits until a source contains a position; false when it does not by then. */
    boolean await(Source source, Position position, Duration atMost) throws InterruptedException;
}
