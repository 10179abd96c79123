package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.text.Terminal;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What every command works with.
 *
 * @param out what was asked for, and nothing else
 * @param err progress, provenance and problems
 * @param outTerminal the terminal behind {@code out}, if any
 * @param errTerminal the terminal behind {@code err}, if any
 * @param home the directory of the {@code atlas} script
 * @param ticker monotonic nanoseconds
 */
public record CliContext(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Terminal outTerminal,
        Terminal errTerminal,
        Path home,
        InstantSource clock,
        LongSupplier ticker) {}
