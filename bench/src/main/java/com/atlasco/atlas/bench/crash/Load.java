package com.atlasco.atlas.bench.crash;

import com.atlasco.atlas.bench.crash.Client.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Writers, each with entities of its own, that write until they are stopped. Used by one thread. */
final class Load {

    private static final int ENTITIES_PER_WRITER = 250;
    private static final int LARGEST_BATCH = 60;
    private static final long PAUSE_AFTER_REFUSAL_MILLIS = 20;

    private final Client client;
    private final Ledger ledger;
    private final Counts counts;
    private final AtomicLong writes;
    private final Consumer<String> violation;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** What the writers were told. */
    static final class Counts {
        final AtomicLong acknowledged = new AtomicLong();
        final AtomicLong refused = new AtomicLong();
        final AtomicLong unknown = new AtomicLong();
        final AtomicLong unexpected = new AtomicLong();
    }

    /**
     * Nothing is written before {@link #start}.
     *
     * @param writes gives each write its number
     */
    Load(Client client, Ledger ledger, Counts counts, AtomicLong writes, Consumer<String> violation) {
        this.client = client;
        this.ledger = ledger;
        this.counts = counts;
        this.writes = writes;
        this.violation = violation;
    }

    void start(int writers, SplittableRandom random) {
        for (int writer = 0; writer < writers; writer++) {
            SplittableRandom own = random.split();
            long first = 1 + (long) writer * ENTITIES_PER_WRITER;
            threads.execute(() -> run(own, first));
        }
    }

    /** Waits until every write under way is answered. */
    void stop() throws InterruptedException {
        stop.set(true);
        threads.shutdown();
        if (!threads.awaitTermination(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException("writes hang");
        }
    }

    private void run(SplittableRandom random, long first) {
        try {
            while (!stop.get()) {
                boolean refused = random.nextInt(4) == 0 ? batch(random, first) : single(random, first);
                if (refused) {
                    TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_REFUSAL_MILLIS);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean single(SplittableRandom random, long first) throws InterruptedException {
        long entityId = first + random.nextInt(ENTITIES_PER_WRITER);
        if (ledger.entry(entityId).unknown().isPresent()) {
            return false;
        }
        Operation operation = operation(random, entityId, false);
        return note(operation, client.write(operation));
    }

    private boolean batch(SplittableRandom random, long first) throws InterruptedException {
        List<Operation> operations = new ArrayList<>();
        int from = random.nextInt(ENTITIES_PER_WRITER);
        int size = 1 + random.nextInt(LARGEST_BATCH);
        for (int i = 0; i < size; i++) {
            long entityId = first + (from + i) % ENTITIES_PER_WRITER;
            if (ledger.entry(entityId).unknown().isEmpty()) {
                operations.add(operation(random, entityId, true));
            }
        }
        if (operations.isEmpty()) {
            return false;
        }
        List<Outcome> outcomes = client.writeBatch(operations);
        boolean refused = false;
        for (int i = 0; i < operations.size(); i++) {
            refused |= note(operations.get(i), i < outcomes.size() ? outcomes.get(i) : new Outcome.Unknown());
        }
        return refused;
    }

    private Operation operation(SplittableRandom random, long entityId, boolean inBatch) {
        return Operation.random(
                random, entityId, ledger.entry(entityId).acknowledged(), writes.incrementAndGet(), inBatch);
    }

    private boolean note(Operation operation, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Acknowledged(long version) -> {
                long before = ledger.entry(operation.entityId()).version();
                if (operation.after().exists() && version <= before) {
                    counts.unexpected.incrementAndGet();
                    violation.accept(
                            "entity %d went from version %d to %d".formatted(operation.entityId(), before, version));
                }
                ledger.acknowledged(operation, version);
                counts.acknowledged.incrementAndGet();
                yield false;
            }
            case Outcome.Refused() -> {
                counts.refused.incrementAndGet();
                yield true;
            }
            case Outcome.Unknown() -> {
                ledger.unknown(operation);
                counts.unknown.incrementAndGet();
                yield true;
            }
            case Outcome.Unexpected(String answer) -> {
                ledger.unknown(operation);
                counts.unexpected.incrementAndGet();
                violation.accept(
                        "%s of entity %d was answered %s".formatted(operation.name(), operation.entityId(), answer));
                yield true;
            }
        };
    }
}
