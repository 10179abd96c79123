package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps a data directory to one process. The operating system lets go of the lock when the process ends in whatever
 * way, so a crash leaves nothing to clean up. Safe for use by several threads.
 */
public final class DataDirectoryLock implements AutoCloseable {

    private final FileChannel channel;
    private final Path directory;
    private final Path holder;

    private DataDirectoryLock(FileChannel channel, DataLayout layout) {
        this.channel = channel;
        this.directory = layout.root();
        this.holder = layout.lockHolder();
    }

    /**
     * Takes the lock, creating the directory when it is absent.
     *
     * @throws EmbeddedPostgresException when another live process, or this one, holds it, or the directory is not
     *     writable
     */
    public static DataDirectoryLock acquire(Path dataDirectory) {
        DataLayout layout = new DataLayout(dataDirectory.toAbsolutePath().normalize());
        synchronized (DataDirectoryLock.class) {
            try {
                FileTree.createPrivateDirectories(layout.root());
                // A second channel of this process, when closed, would release the first one's lock (POSIX); so
                // "we hold it" must be known before the file is opened.
                if (readHolder(layout.lockHolder())
                        .filter(currentProcess()::equals)
                        .isPresent()) {
                    throw refused(layout);
                }
                FileChannel channel =
                        FileChannel.open(layout.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                Optional<FileLock> lock = tryLock(channel);
                if (lock.isEmpty()) {
                    channel.close();
                    throw refused(layout);
                }
                Files.writeString(layout.lockHolder(), currentProcess());
                return new DataDirectoryLock(channel, layout);
            } catch (IOException exception) {
                throw new EmbeddedPostgresException(
                        "The data directory " + layout.root() + " cannot be locked: " + exception
                                + ". Choose a directory this user may write.",
                        exception);
            }
        }
    }

    /** Whether this is a lock, still held, on the directory. */
    boolean guards(Path dataDirectory) {
        return channel.isOpen()
                && directory.equals(dataDirectory.toAbsolutePath().normalize());
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException exception) {
            return Optional.empty();
        }
    }

    private static EmbeddedPostgresException refused(DataLayout layout) {
        String process = readHolder(layout.lockHolder())
                .map(line -> " (process " + line.split(" ", 2)[0] + ")")
                .orElse("");
        return new EmbeddedPostgresException("The data directory " + layout.root() + " is in use by a running Atlas"
                + process + ". Stop that one first, or choose another data directory.");
    }

    private static Optional<String> readHolder(Path holder) {
        try {
            return Optional.of(Files.readString(holder).strip());
        } catch (IOException exception) {
            return Optional.empty();
        }
    }

    /** The start instant tells us from an earlier process with the same number, as in a container, where it is 1. */
    private static String currentProcess() {
        ProcessHandle current = ProcessHandle.current();
        return current.pid() + " " + current.info().startInstant().orElse(Instant.EPOCH);
    }

    /** Lets go of the directory; a second call does nothing. */
    @Override
    public void close() {
        synchronized (DataDirectoryLock.class) {
            if (!channel.isOpen()) {
                return;
            }
            try {
                Files.deleteIfExists(holder);
                channel.close();
            } catch (IOException exception) {
                throw new EmbeddedPostgresException("The lock beside " + holder + " cannot be released", exception);
            }
        }
    }
}
