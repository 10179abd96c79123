package com.atlasco.atlas.analytics.duckdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a file to one store. DuckDB's own lock keeps other processes out, but within a process it lets two stores share
 * one database, and so have two writers. The system gives the lock back when the process dies.
 */
final class StoreLock implements AutoCloseable {

    private final FileChannel channel;

    private StoreLock(FileChannel channel) {
        this.channel = channel;
    }

    static StoreLock acquire(Path file) {
        try {
            Path absolute = file.toAbsolutePath();
            Path directory = absolute.getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            FileChannel channel = FileChannel.open(
                    absolute.resolveSibling(absolute.getFileName() + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            boolean locked = false;
            try {
                locked = channel.tryLock() != null;
            } catch (OverlappingFileLockException heldHere) {
                throw DuckDbErrors.inUse(file);
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
            if (!locked) {
                throw DuckDbErrors.inUse(file);
            }
            return new StoreLock(channel);
        } catch (IOException failure) {
            throw DuckDbErrors.cannotOpen(file, failure);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
