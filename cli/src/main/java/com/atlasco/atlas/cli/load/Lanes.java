package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.load.RowConverter.Converted.Item;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sends items over several connections at a time. Items of the same entity keep their order, because they share a lane.
 * A lane holds at most three batches: one filling, one waiting, one under way. Fed by one thread.
 */
final class Lanes implements AutoCloseable {

    /** In rows. */
    private static final long LONGEST_WAIT = 50_000;

    private final ObjectMapper mapper = new ObjectMapper();
    private final List<Lane> lanes = new ArrayList<>();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    private int next;

    /** A batch to send, or the end. */
    private record Parcel(Batch batch, boolean last) {}

    private final class Lane implements Runnable {

        private final BatchSender sender;
        private final BlockingQueue<Parcel> waiting = new ArrayBlockingQueue<>(1);
        private final Thread thread;
        private Batch filling = new Batch();

        Lane(BatchSender sender, int number) {
            this.sender = sender;
            this.thread = Thread.ofVirtual().name("atlas-import-" + number).unstarted(this);
        }

        @Override
        public void run() {
            try {
                for (Parcel parcel = waiting.take(); ; parcel = waiting.take()) {
                    if (failures.isEmpty()) {
                        send(parcel.batch());
                    }
                    if (parcel.last()) {
                        return;
                    }
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }

        private void send(Batch batch) throws InterruptedException {
            try {
                sender.send(batch);
            } catch (RuntimeException exception) {
                failures.add(exception);
            }
        }

        void flush(boolean last) throws InterruptedException {
            waiting.put(new Parcel(filling, last));
            filling = new Batch();
        }
    }

    /** As many lanes as senders. */
    Lanes(List<BatchSender> senders) {
        senders.forEach(sender -> lanes.add(new Lane(sender, lanes.size() + 1)));
        lanes.forEach(lane -> lane.thread.start());
    }

    /**
     * Takes an item; waits while its lane is full.
     *
     * @param row its place in the input, from 1
     * @throws RuntimeException the failure that stopped a lane
     */
    void send(Item item, long row) throws InterruptedException {
        throwFirstFailure();
        if (row % LONGEST_WAIT == 0) {
            flushStragglers();
        }
        int number = item.entityId().isPresent()
                ? Math.floorMod(Long.hashCode(item.entityId().getAsLong()), lanes.size())
                : next++ % lanes.size();
        Lane lane = lanes.get(number);
        lane.filling.add(item, row, json(item));
        if (lane.filling.full()) {
            lane.flush(false);
        }
    }

    /** What waits in a lane that hardly fills would keep the checkpoint back. */
    private void flushStragglers() throws InterruptedException {
        for (Lane lane : lanes) {
            if (!lane.filling.isEmpty()) {
                lane.flush(false);
            }
        }
    }

    private void throwFirstFailure() {
        RuntimeException first = failures.peek();
        if (first != null) {
            throw first;
        }
    }

    private byte[] json(Item item) {
        try {
            return mapper.writeValueAsBytes(item.json());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Sends what is left, and waits for the answers; errors as for {@link #send}. */
    void finish() throws InterruptedException {
        for (Lane lane : lanes) {
            lane.flush(true);
        }
        for (Lane lane : lanes) {
            lane.thread.join();
        }
        throwFirstFailure();
    }

    /** The last position of each lane. */
    List<String> tokens() {
        return lanes.stream().flatMap(lane -> lane.sender.token().stream()).toList();
    }

    /** Stops sending; does nothing after {@link #finish}. */
    @Override
    public void close() {
        lanes.forEach(lane -> lane.thread.interrupt());
    }
}
