package com.atlasco.atlas.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks the PostgreSQL programs once per machine. A directory is named after version and checksum and appears only
 * when it is whole, so any number of starts may do this at the same time.
 */
final class Binaries {

    private static final String UNFINISHED = ".unpacking-";
    private static final Map<String, String> ARCHIVES = Map.of(
            "linux-amd64", "postgres-linux-x86_64.txz",
            "linux-aarch64", "postgres-linux-arm_64.txz");

    private final String version;
    private final URL archive;
    private final InstantSource clock;

    private Binaries(String version, URL archive, InstantSource clock) {
        this.version = version;
        this.archive = archive;
        this.clock = clock;
    }

    /** Throws {@link EmbeddedPostgresException} where there are no programs for this kind of machine. */
    static Binaries forThisMachine(InstantSource clock) {
        String platform = System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + System.getProperty("os.arch");
        String name = ARCHIVES.getOrDefault(platform, "");
        URL archive = Binaries.class.getResource("/" + name);
        if (name.isEmpty() || archive == null) {
            throw new EmbeddedPostgresException("There are no PostgreSQL programs for " + platform + " (there are for "
                    + ARCHIVES.keySet().stream().sorted().toList()
                    + "). Run on one of those, or point Atlas at a PostgreSQL of your own.");
        }
        Properties properties = new Properties();
        try (InputStream stream = Binaries.class.getResourceAsStream("binaries.properties")) {
            properties.load(stream);
        } catch (IOException exception) {
            throw new EmbeddedPostgresException("binaries.properties cannot be read; the jar is damaged", exception);
        }
        return new Binaries(properties.getProperty("version"), archive, clock);
    }

    /** {@code $XDG_CACHE_HOME/atlas}, or {@code ~/.cache/atlas}. */
    static Path defaultCache(Map<String, String> environment, Path home) {
        String configured = environment.getOrDefault("XDG_CACHE_HOME", "");
        // The XDG base directory specification tells us to ignore a relative path.
        return configured.startsWith("/")
                ? Path.of(configured, "atlas")
                : home.resolve(".cache").resolve("atlas");
    }

    /** The directory with {@code bin}, {@code lib} and {@code share}, unpacked under the cache if it was not. */
    Path unpack(Path cache, Consumer<String> progress) throws IOException {
        Path home = cache.resolve("postgresql-" + version + "-" + checksum());
        if (Files.isExecutable(home.resolve("bin/postgres"))) {
            return home;
        }
        progress.accept("Unpacking PostgreSQL " + version + " into " + home);
        Files.createDirectories(cache);
        deleteAbandoned(cache);
        // Readable by everyone: the servers may have to run as another account.
        Path unfinished = Files.createTempDirectory(
                cache, UNFINISHED, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try {
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
            extract(unfinished);
            if (Files.exists(home) && !Files.isExecutable(home.resolve("bin/postgres"))) {
                FileTree.delete(home);
            }
            FileTree.publish(unfinished, home);
        } catch (IOException exception) {
            // Another start was faster; its directory is as good as ours.
            if (!Files.isExecutable(home.resolve("bin/postgres"))) {
                throw exception;
            }
        } finally {
            FileTree.delete(unfinished);
        }
        return home;
    }

    private String checksum() throws IOException {
        URLConnection connection = archive.openConnection();
        if (connection instanceof JarURLConnection jar && jar.getJarEntry().getCrc() >= 0) {
            return HexFormat.of().toHexDigits((int) jar.getJarEntry().getCrc());
        }
        try (var stream = new CheckedInputStream(new BufferedInputStream(archive.openStream()), new CRC32())) {
            stream.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().toHexDigits((int) stream.getChecksum().getValue());
        }
    }

    private void extract(Path target) throws IOException {
        try (InputStream stream = archive.openStream();
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(stream, 1 << 16)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive holds a path outside itself: " + entry.getName());
                }
                if (!entry.getName().endsWith(".a")) {
                    extract(tar, entry, path);
                }
            }
        }
    }

    private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, path);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        } else {
            throw new IOException("the archive holds something that is no file: " + entry.getName());
        }
    }

    /** What a start that was killed left behind; an hour is far more than unpacking takes. */
    private void deleteAbandoned(Path cache) throws IOException {
        List<Path> candidates;
        try (Stream<Path> entries = Files.list(cache)) {
            candidates = entries.filter(entry -> entry.getFileName().toString().startsWith(UNFINISHED))
                    .toList();
        }
        for (Path candidate : candidates) {
            if (Files.exists(candidate)
                    && Files.getLastModifiedTime(candidate)
                            .toInstant()
                            .isBefore(clock.instant().minus(Duration.ofHours(1)))) {
                FileTree.delete(candidate);
            }
        }
    }
}
