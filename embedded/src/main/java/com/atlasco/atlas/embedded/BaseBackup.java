package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Copies a running server's directory by PostgreSQL's low-level backup protocol: what is copied while it changes is put
 * right by the log that was written since the backup's start. What is left out follows the server's own backup
 * ({@code src/backend/backup/basebackup.c}).
 */
final class BaseBackup {

    private static final int COPIERS = 4;

    /** Between two looks whether to go on. */
    private static final long PART_BYTES = 8L << 20;

    private static final Set<String> EMPTIED_DIRECTORIES = Set.of(
            "pg_wal",
            "pg_stat_tmp",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_subtrans");
    private static final Set<String> LEFT_OUT_FILES = Set.of(
            "postmaster.pid",
            "postmaster.opts",
            "postgresql.auto.conf.tmp",
            "current_logfiles",
            "current_logfiles.tmp",
            "backup_label",
            "tablespace_map",
            "backup_manifest",
            "standby.signal",
            "recovery.signal");
    private static final Path CONTROL_FILE = Path.of("global", "pg_control");

    private final Path source;
    private final Path target;
    private final BooleanSupplier givenUp;

    /** {@code givenUp} is asked now and then while files are copied, by several threads. */
    BaseBackup(Path source, Path target, BooleanSupplier givenUp) {
        this.source = source;
        this.target = target;
        this.givenUp = givenUp;
    }

    /** Fills the target, which must not exist, and makes it durable. The connection must stay out of a transaction. */
    void take(Connection connection) throws SQLException, IOException, InterruptedException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('atlas_replica', fast => true)");
            copy();
            try (ResultSet row = statement.executeQuery(
                    "SELECT labelfile, spcmapfile FROM pg_backup_stop(wait_for_archive => false)")) {
                row.next();
                writeDurably(target.resolve("backup_label"), row.getString(1));
                String tablespaces = row.getString(2);
                if (tablespaces != null && !tablespaces.isEmpty()) {
                    throw new EmbeddedPostgresException("The primary in " + source + " has tablespaces outside its"
                            + " directory, which a replica on the same machine cannot have too. Move the tables back"
                            + " (ALTER TABLE … SET TABLESPACE pg_default) and drop the tablespaces.");
                }
            }
        }
        writeDurably(target.resolve("standby.signal"), "");
    }

    private void copy() throws IOException, InterruptedException {
        List<Path> files = new ArrayList<>();
        List<Path> directories = new ArrayList<>();
        collect(Path.of(""), files, directories);
        for (Path directory : directories) {
            Files.createDirectory(
                    target.resolve(directory),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        try (ExecutorService copiers = Executors.newFixedThreadPool(COPIERS)) {
            List<Future<?>> copies = new ArrayList<>();
            for (Path file : files) {
                copies.add(copiers.submit(() -> {
                    copyFile(file);
                    return file;
                }));
            }
            for (Future<?> copy : copies) {
                copy.get();
            }
        } catch (ExecutionException exception) {
            goOn();
            throw new IOException("the copy of " + source + " failed: " + exception.getCause(), exception);
        }
        // Last, as it tells how far the files before it have come.
        copyFile(CONTROL_FILE);
        for (Path directory : directories) {
            FileTree.syncDirectory(target.resolve(directory));
        }
    }

    private void collect(Path directory, List<Path> files, List<Path> directories) throws IOException {
        directories.add(directory);
        if (EMPTIED_DIRECTORIES.contains(directory.toString())) {
            return;
        }
        List<Path> entries;
        try (Stream<Path> listing = Files.list(source.resolve(directory))) {
            entries = listing.map(source::relativize).toList();
        } catch (NoSuchFileException exception) {
            // Dropped while we looked; the log tells the replica so.
            return;
        }
        for (Path entry : entries) {
            if (Files.isSymbolicLink(source.resolve(entry))) {
                // Only a tablespace: refused once pg_backup_stop has named it.
                continue;
            }
            if (Files.isDirectory(source.resolve(entry))) {
                if (!temporary(entry)) {
                    collect(entry, files, directories);
                }
            } else if (!leftOut(entry)) {
                files.add(entry);
            }
        }
    }

    static boolean leftOut(Path file) {
        return file.equals(CONTROL_FILE)
                || LEFT_OUT_FILES.contains(file.toString())
                || file.getFileName().toString().startsWith("pg_internal.init")
                || temporary(file);
    }

    private static boolean temporary(Path path) {
        return path.getFileName().toString().startsWith("pgsql_tmp");
    }

    private void copyFile(Path file) throws IOException {
        try (FileChannel from = FileChannel.open(source.resolve(file), StandardOpenOption.READ);
                FileChannel to = FileChannel.open(
                        target.resolve(file),
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            long copied = 0;
            for (long part = 1; part > 0; copied += part) {
                goOn();
                part = from.transferTo(copied, PART_BYTES, to);
            }
            to.force(true);
        } catch (NoSuchFileException exception) {
            // Dropped while we copied; the log tells the replica so.
            if (Files.exists(source.resolve(file))) {
                throw exception;
            }
        }
    }

    private void goOn() {
        if (givenUp.getAsBoolean()) {
            throw new EmbeddedPostgresException(
                    "The copy of " + source + " was given up. Start again to make another.");
        }
    }

    private static void writeDurably(Path file, String content) throws IOException {
        Files.writeString(
                file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
    }
}
