package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One server process: its start, its readiness and its end. Not safe for use by several threads. */
final class PostgresServer {

    private static final Duration PATIENCE_LINE = Duration.ofSeconds(5);
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(30);
    private static final int SHARED_MEMORY_ATTEMPTS = 10;
    private static final Duration SHARED_MEMORY_PAUSE = Duration.ofMillis(500);
    private static final Duration IMMEDIATE_LIMIT = Duration.ofSeconds(3);

    private final Path directory;
    private final ServerLog log;
    private final Installation installation;
    private final Poll poll;
    private final Consumer<String> progress;
    private Optional<Process> launched = Optional.empty();
    private ServerLog.Mark mark;

    PostgresServer(Path directory, ServerLog log, Installation installation, Poll poll, Consumer<String> progress) {
        this.directory = directory;
        this.log = log;
        this.installation = installation;
        this.poll = poll;
        this.progress = progress;
        this.mark = log.mark();
    }

    Path directory() {
        return directory;
    }

    ServerLog log() {
        return log;
    }

    /** What was logged since the last launch, or {@link #reload}. */
    String logged() {
        return log.since(mark);
    }

    /** Whether the last launch failed because another program listens on the port. */
    boolean foundPortTaken() {
        return launched.filter(process -> !process.isAlive()).isPresent()
                && logged().contains("Address already in use");
    }

    /** The running process, whoever started it. */
    Optional<ProcessHandle> process() {
        Optional<ProcessHandle> own = launched.filter(Process::isAlive).map(Process::toHandle);
        return own.or(() -> PostmasterFile.read(directory).flatMap(file -> file.process(directory)));
    }

    boolean running() {
        return process().isPresent();
    }

    /** Starts the process and returns at once. */
    void launch() throws IOException {
        forgetForeignProcess();
        mark = log.mark();
        launched = Optional.of(installation.launch("postgres", List.of("-D", directory.toString()), log.startFile()));
    }

    /**
     * Waits until the server that was launched accepts connections; a crash recovery may take minutes and is reported.
     *
     * @throws EmbeddedPostgresException when the process ends before that
     */
    void awaitReady() throws IOException {
        for (int attempt = 1; ; attempt++) {
            if (becomesReady(launched.orElseThrow())) {
                return;
            }
            if (attempt == SHARED_MEMORY_ATTEMPTS || !logged().contains("pre-existing shared memory block")) {
                throw new EmbeddedPostgresException(
                        "The PostgreSQL " + log.role() + " in " + directory + " ended while it started. " + log.tail());
            }
            // The sessions of a server that was killed need a moment to notice.
            poll.until(SHARED_MEMORY_PAUSE, () -> false);
            launch();
        }
    }

    private boolean becomesReady(Process process) {
        for (Duration waited = Duration.ZERO;
                waited.compareTo(RECOVERY_LIMIT) < 0;
                waited = waited.plus(PATIENCE_LINE)) {
            if (poll.until(PATIENCE_LINE, () -> !process.isAlive() || ready(process))) {
                return process.isAlive();
            }
            progress.accept("The PostgreSQL " + log.role() + " is recovering from its log …");
        }
        throw new EmbeddedPostgresException("The PostgreSQL " + log.role() + " in " + directory + " is not ready after "
                + RECOVERY_LIMIT.toMinutes() + " minutes. " + log.tail());
    }

    /** Whether the server that was launched last accepts connections. */
    boolean accepting() {
        return launched.filter(this::ready).isPresent();
    }

    private boolean ready(Process launched) {
        return PostmasterFile.read(directory)
                .filter(file -> file.pid() == launched.pid())
                .filter(PostmasterFile::ready)
                .isPresent();
    }

    /**
     * A postmaster.pid that names a living process which is not our server keeps PostgreSQL from starting when that
     * process has the same user. PostgreSQL's own guard, the shared memory of the directory, stays in force.
     */
    private void forgetForeignProcess() throws IOException {
        Optional<PostmasterFile> file = PostmasterFile.read(directory);
        if (file.isPresent()
                && ProcessHandle.of(file.get().pid()).isPresent()
                && file.get().process(directory).isEmpty()) {
            Files.deleteIfExists(PostmasterFile.in(directory));
        }
    }

    /** Lets the running server read its configuration again; what it logs counts from now on. */
    void reload() {
        mark = log.mark();
        process().ifPresent(process -> signal(process, "HUP"));
    }

    /**
     * Ends the server in an orderly way: it disconnects everyone and writes a checkpoint. When that takes longer than
     * the limit it is ended at once, which loses nothing that was committed but makes the next start replay its log.
     */
    void stop(Duration fastLimit) {
        Optional<ProcessHandle> process = process();
        if (process.isEmpty()) {
            return;
        }
        if (end(process.get(), "INT", fastLimit)) {
            return;
        }
        progress.accept("The PostgreSQL " + log.role() + " takes longer than " + fastLimit.toMillis()
                + " ms to stop and is ended at once; it will recover at the next start");
        kill();
    }

    /** Ends the server like a crash: no checkpoint, no farewell. */
    void kill() {
        Optional<ProcessHandle> process = process();
        if (process.isEmpty() || end(process.get(), "QUIT", IMMEDIATE_LIMIT)) {
            return;
        }
        List<ProcessHandle> descendants = process.get().descendants().toList();
        process.get().destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        if (!poll.until(IMMEDIATE_LIMIT, () -> !alive(process.get()))) {
            throw new EmbeddedPostgresException("The PostgreSQL " + log.role() + " in " + directory + " (process "
                    + process.get().pid() + ") does not end. End it by hand, then start again.");
        }
    }

    private boolean end(ProcessHandle process, String signal, Duration limit) {
        signal(process, signal);
        return poll.until(limit, () -> !alive(process));
    }

    private static void signal(ProcessHandle process, String signal) {
        try {
            // The shell's own kill: there may be no program of that name.
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException exception) {
            throw new EmbeddedPostgresException(
                    "No signal can be sent to process " + process.pid() + "; end it by hand", exception);
        }
    }

    private boolean alive(ProcessHandle process) {
        boolean own = launched.filter(mine -> mine.pid() == process.pid()).isPresent();
        return process.isAlive() && (own || PostmasterFile.serves(process, directory));
    }
}
