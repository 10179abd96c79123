package com.atlasco.atlas.bench.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what processes have used of the cores, from Linux's {@code /proc}; elsewhere everything is 0. */
final class CpuClock {

    private static final Path PROC = Path.of("/proc");
    /** What the kernel counts in towards its users, on every architecture that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private final long server;
    private final long primary;
    private final Optional<Long> replica;

    CpuClock(long server, long primary, Optional<Long> replica) {
        this.server = server;
        this.primary = primary;
        this.replica = replica;
    }

    /** Since the processes began. */
    CpuSeconds read() {
        List<Stat> all = all();
        return new CpuSeconds(
                alone(all, server),
                tree(all, primary),
                replica.map(root -> tree(all, root)).orElse(0.0),
                alone(all, ProcessHandle.current().pid()));
    }

    /** What the primary's walsenders that run now have used since they began: a part of the primary's. */
    double walsenders() {
        return all().stream()
                .filter(stat -> stat.parent() == primary && isWalsender(stat.pid()))
                .mapToDouble(Stat::own)
                .sum();
    }

    /** PostgreSQL names its processes by what they do. */
    private static boolean isWalsender(long pid) {
        try {
            return Files.readString(PROC.resolve(Long.toString(pid)).resolve("cmdline"))
                    .contains("walsender");
        } catch (IOException ended) {
            return false;
        }
    }

    private record Stat(long pid, long parent, double own, double reaped) {}

    private static double alone(List<Stat> all, long pid) {
        return all.stream()
                .filter(stat -> stat.pid() == pid)
                .mapToDouble(Stat::own)
                .sum();
    }

    /** A postmaster, the children it has, and those that ended: these it has waited for, and their time is with it. */
    private static double tree(List<Stat> all, long root) {
        return all.stream()
                .mapToDouble(stat ->
                        stat.pid() == root ? stat.own() + stat.reaped() : stat.parent() == root ? stat.own() : 0)
                .sum();
    }

    private static List<Stat> all() {
        if (!Files.isDirectory(PROC)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(PROC)) {
            return entries.filter(entry ->
                            Character.isDigit(entry.getFileName().toString().charAt(0)))
                    .flatMap(entry -> stat(entry).stream())
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static Optional<Stat> stat(Path process) {
        try {
            String text = Files.readString(process.resolve("stat"));
            // The name in parentheses may hold anything, spaces and parentheses too.
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", 16);
            return Optional.of(new Stat(
                    Long.parseLong(process.getFileName().toString()),
                    Long.parseLong(fields[1]),
                    seconds(fields[11], fields[12]),
                    seconds(fields[13], fields[14])));
        } catch (IOException | RuntimeException ended) {
            return Optional.empty();
        }
    }

    private static double seconds(String user, String system) {
        return (Long.parseLong(user) + Long.parseLong(system)) / TICKS_PER_SECOND;
    }
}
