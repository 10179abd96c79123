package com.atlasco.atlas.bench.cluster;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A temporary directory and the Atlas that runs in it, at most one at a time. When this is closed, or the process is told
 * to end, Atlas is stopped and the directory removed, unless it was named as one to keep. Thread-safe.
 */
public final class Workplace implements AutoCloseable {

    private final Path directory;
    private final boolean kept;
    private final Thread hook = new Thread(this::clear, "bench-clear");
    private Optional<Process> running = Optional.empty();
    private boolean ending;
    private int clusters;

    private Workplace(Path directory, boolean kept) {
        this.directory = directory;
        this.kept = kept;
    }

    public static Workplace open() throws IOException {
        return open(new Workplace(Files.createTempDirectory("atlas-bench-"), false));
    }

    /** In a directory that stays; whatever an earlier run left there is found again. */
    public static Workplace keeping(Path directory) throws IOException {
        return open(new Workplace(Files.createDirectories(directory), true));
    }

    private static Workplace open(Workplace workplace) {
        Runtime.getRuntime().addShutdownHook(workplace.hook);
        return workplace;
    }

    /** A file that is removed at the end, with whatever lies beside it. */
    public Path file(String name) {
        return directory.resolve(name);
    }

    /** Starts Atlas on a directory of its own: the first on the first, and so on. */
    public Cluster start(List<String> command, TierSet tiers) throws IOException {
        clusters++;
        return Cluster.start(command, tiers, directory.resolve(Integer.toString(clusters)), this::started);
    }

    private synchronized void started(Process process) {
        running = Optional.of(process);
        if (ending) {
            Cluster.stop(process);
        }
    }

    /** Stops Atlas and removes its directory. */
    public synchronized void remove(Cluster cluster) throws IOException {
        cluster.close();
        running = Optional.empty();
        delete(directory.resolve(Integer.toString(clusters)));
    }

    /**
     * Does not return when the process has been told to end: what failed then failed because its servers are being
     * stopped, and nobody wants to hear of it.
     */
    public void parkWhenEnding() {
        while (ending()) {
            LockSupport.park(this);
        }
    }

    private synchronized boolean ending() {
        return ending;
    }

    private synchronized void clear() {
        ending = true;
        running.ifPresent(Cluster::stop);
        running = Optional.empty();
        try {
            delete(directory);
        } catch (IOException left) {
            System.err.println("left behind: " + directory + " (" + left.getMessage() + ")");
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException atWork) {
            return;
        }
        clear();
    }

    private void delete(Path root) throws IOException {
        if (kept || !Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path visited, java.io.@org.jspecify.annotations.Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
