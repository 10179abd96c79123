package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.postgres.write.WriteRequest;
import com.atlasco.atlas.server.http.BatchItems.Next;
import com.atlasco.atlas.server.json.ItemReader;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Reads a batch ahead of its writer, on a thread of its own: while one chunk is being written the next one is read and
 * checked, and there are never more than these two. A chunk goes to the writer when it is full, or when the writer has
 * nothing to do and the chunk's first item has waited for company long enough; so a client that sends fast is written in
 * full transactions, and one that sends slowly is answered at once.
 */
final class ChunkReader implements AutoCloseable {

    /** How long nothing has to come before somebody looks whether the writer is idle. */
    private static final long TICK_NANOS = 5_000_000;

    private static final long LONG_NANOS = 3_600_000_000_000L;

    private final BatchItems items;
    private final Supplier<ItemReader> readers;
    private final BatchLimits limits;
    private final LongSupplier ticker;
    private final SynchronousQueue<Handed> handed = new SynchronousQueue<>();
    private final Thread thread;
    private boolean ended;

    private sealed interface Handed {
        record Ready(Chunk chunk) implements Handed {}

        record Failed(Throwable cause) implements Handed {}
    }

    private ChunkReader(BatchItems items, Supplier<ItemReader> readers, BatchLimits limits, LongSupplier ticker) {
        this.items = items;
        this.readers = readers;
        this.limits = limits;
        this.ticker = ticker;
        this.thread = Thread.ofVirtual().name("batch-reader").unstarted(this::run);
    }

    /**
     * Begins to read.
     *
     * @param readers asked at the begin of each chunk, so that attributes registered meanwhile are known
     */
    static ChunkReader start(BatchItems items, Supplier<ItemReader> readers, BatchLimits limits, LongSupplier ticker) {
        ChunkReader reader = new ChunkReader(items, readers, limits, ticker);
        reader.thread.start();
        return reader;
    }

    /**
     * The next chunk, when there is one; empty behind the last.
     *
     * @throws IOException when the client went away, or the thread was interrupted
     * @throws RuntimeException what the reading failed with
     */
    Optional<Chunk> next() throws IOException {
        if (ended) {
            return Optional.empty();
        }
        try {
            return switch (handed.take()) {
                case Handed.Ready(Chunk chunk) -> {
                    ended = chunk.isLast();
                    yield Optional.of(chunk);
                }
                case Handed.Failed(IOException failed) -> throw new IOException(failed);
                case Handed.Failed(RuntimeException failed) -> throw failed;
                case Handed.Failed(Error failed) -> throw failed;
                case Handed.Failed(Throwable failed) -> throw new IllegalStateException(failed);
            };
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for items", interrupted);
        }
    }

    private void run() {
        try {
            try {
                read();
            } catch (IOException | RuntimeException | Error failed) {
                handed.put(new Handed.Failed(failed));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() throws IOException, InterruptedException {
        Chunk chunk = new Chunk();
        ItemReader reader = readers.get();
        long began = 0;
        while (!chunk.isLast()) {
            switch (items.next(chunk.size() == 0 ? LONG_NANOS : TICK_NANOS)) {
                case Next.Item item -> {
                    if (chunk.size() == 0) {
                        reader = readers.get();
                        began = ticker.getAsLong();
                    }
                    read(item, reader, chunk);
                }
                case Next.Broken(var problem) -> {
                    began = chunk.size() == 0 ? ticker.getAsLong() : began;
                    // Its bytes are not kept, and the problem is of the same few words each time.
                    chunk.refuse(problem, 0);
                }
                case Next.Waiting _ -> {
                    boolean due = chunk.size() > 0
                            && ticker.getAsLong() - began >= limits.gathering().toNanos();
                    if (due && handed.offer(new Handed.Ready(chunk))) {
                        chunk = new Chunk();
                    }
                    continue;
                }
                case Next.End _ -> chunk.endsBatch();
            }
            if (chunk.isFull(limits) || chunk.isLast()) {
                if (items.ended()) {
                    chunk.endsBatch();
                }
                handed.put(new Handed.Ready(chunk));
                chunk = chunk.isLast() ? chunk : new Chunk();
            }
        }
    }

    private void read(Next.Item item, ItemReader reader, Chunk chunk) {
        try {
            WriteRequest write = reader.read(item.bytes(), item.from(), item.length());
            chunk.add(write, item.length());
        } catch (AtlasException refused) {
            chunk.refuse(refused.problem(), item.length());
            if (refused.problem().code() == ErrorCode.INVALID_JSON) {
                items.notJson();
            }
        }
    }

    /** Stops reading; what was read and not taken is dropped. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
