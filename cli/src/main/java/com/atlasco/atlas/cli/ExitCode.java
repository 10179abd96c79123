package com.atlasco.atlas.cli;

/** What a command's exit code says. */
public final class ExitCode {

    public static final int OK = 0;

    /** The server refused, or some of what was asked for was not done. */
    public static final int FAILED = 1;

    /** The command line, or what it names, is wrong; nothing was begun. */
    public static final int USAGE = 2;

    /** No Atlas answers at the URL. */
    public static final int UNREACHABLE = 3;

    /** Stopped by Ctrl-C (128 + SIGINT). */
    public static final int INTERRUPTED = 130;

    /** Stopped by SIGTERM (128 + SIGTERM). */
    public static final int TERMINATED = 143;

    private ExitCode() {}
}
