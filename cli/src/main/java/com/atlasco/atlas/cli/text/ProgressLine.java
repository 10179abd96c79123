package com.atlasco.atlas.cli.text;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * Shows progress: one line that is written over in a terminal, a plain line every few seconds elsewhere. Used by one
 * thread.
 */
public final class ProgressLine implements AutoCloseable {

    private static final long TERMINAL_INTERVAL = 100_000_000L;
    private static final long PLAIN_INTERVAL = 5_000_000_000L;
    private static final int WIDEST_BAR = 30;
    private static final int ROOM_FOR_FIGURES = 58;

    private final PrintStream err;
    private final Terminal terminal;
    private final LongSupplier ticker;
    private final String label;
    private final String noun;
    private final long interval;
    private long next;
    private boolean drawn;

    public ProgressLine(PrintStream err, Terminal terminal, LongSupplier ticker, String label, String noun) {
        this.err = err;
        this.terminal = terminal;
        this.ticker = ticker;
        this.label = label;
        this.noun = noun;
        this.interval = terminal.interactive() ? TERMINAL_INTERVAL : PLAIN_INTERVAL;
        this.next = ticker.getAsLong() + interval;
    }

    /** Cheap; draws when it is time to. */
    public void update(ProgressFigures figures) {
        long now = ticker.getAsLong();
        if (now - next < 0) {
            return;
        }
        next = now + interval;
        if (terminal.columns().isEmpty()) {
            err.println(label + "  " + figures.line(0, noun).replaceFirst("^\\[]\\s*", ""));
            return;
        }
        int columns = terminal.columns().get();
        int bar = Math.clamp(columns - ROOM_FOR_FIGURES - label.length(), 5, WIDEST_BAR);
        String line = DisplayText.fit(label + "  " + figures.line(bar, noun), columns - 1);
        err.print("\r" + line + "\u001b[K");
        err.flush();
        drawn = true;
    }

    /** Takes the line away, so that what comes next begins on a clean one. */
    @Override
    public void close() {
        if (drawn) {
            err.print("\r\u001b[K");
            err.flush();
            drawn = false;
        }
    }
}
