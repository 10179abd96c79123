package com.atlasco.atlas.bench.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs things at once and times them together. */
final class Threads {

    private Threads() {}

    /** What one thread does. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /**
     * Runs all tasks, each on a thread of its own; they begin together.
     *
     * @return seconds from the beginning of the first to the end of the last
     */
    static double run(List<Task> tasks) throws Exception {
        CountDownLatch ready = new CountDownLatch(tasks.size());
        CountDownLatch begin = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("bench-lane-", 0).factory())) {
            List<Future<Task>> running = new ArrayList<>();
            for (Task task : tasks) {
                running.add(threads.submit(() -> {
                    ready.countDown();
                    begin.await();
                    task.run();
                    return task;
                }));
            }
            ready.await();
            long started = System.nanoTime();
            begin.countDown();
            for (Future<Task> each : running) {
                await(each);
            }
            return (System.nanoTime() - started) / 1e9;
        }
    }

    private static void await(Future<Task> task) throws Exception {
        try {
            task.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
    }
}
