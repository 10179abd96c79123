package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.text.Durations;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/** Says what is being started, one line each with the time since the beginning. Thread-safe. */
final class Steps {

    private final PrintStream err;
    private final LongSupplier ticker;
    private final long began;

    Steps(PrintStream err, LongSupplier ticker) {
        this.err = err;
        this.ticker = ticker;
        this.began = ticker.getAsLong();
    }

    void say(String line) {
        err.printf("%8s  %s%n", Durations.of(seconds()), line);
    }

    double seconds() {
        return (ticker.getAsLong() - began) / 1e9;
    }
}
