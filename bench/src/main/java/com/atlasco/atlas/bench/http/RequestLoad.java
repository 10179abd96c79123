package com.atlasco.atlas.bench.http;

import com.atlasco.atlas.bench.Samples;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Single requests over many keep-alive connections, all on the calling thread. */
public final class RequestLoad implements AutoCloseable {

    /** How long a closed loop begins new requests. */
    public static final Duration LONGEST = Duration.ofSeconds(2);

    private static final int BUFFER = 16 * 1024;
    private static final long PATIENCE_MILLIS = 30_000;

    private final Selector selector;
    private final List<Lane> lanes = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final Deque<Lane> idle = new ArrayDeque<>();
    private List<byte[]> requests = List.of();
    private Samples micros = new Samples();
    private int next;
    private int answered;
    private int refused;
    private long nanosBetween;
    private long started;

    /**
     * How a load went.
     *
     * @param refused how many were answered by 429 or 503, or became due and were not sent before the time was up
     * @param micros from the moment a request was due, until its response had come as a whole, of those that were done
     */
    public record Outcome(double seconds, int refused, Samples micros) {}

    /** A connection: one request at a time. */
    private static final class Lane {
        private final SocketChannel channel;
        private final SelectionKey key;
        private final ResponseParser parser = new ResponseParser(false);
        private ByteBuffer out = ByteBuffer.allocate(0);
        private long due;

        Lane(SocketChannel channel, SelectionKey key) {
            this.channel = channel;
            this.key = key;
        }
    }

    private RequestLoad(Selector selector) {
        this.selector = selector;
    }

    /** Connects; the connections are kept until this is closed. */
    public static RequestLoad open(URI url, int connections) throws IOException {
        RequestLoad load = new RequestLoad(Selector.open());
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(HttpConnection.address(url));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Lane lane = new Lane(channel, channel.register(load.selector, SelectionKey.OP_READ));
            lane.key.attach(lane);
            load.lanes.add(lane);
        }
        return load;
    }

    /** Each connection sends its next request as soon as its last was answered, until {@link #LONGEST} has passed. */
    public Outcome closedLoop(List<byte[]> requests) throws IOException {
        return run(requests, 0, LONGEST);
    }

    /**
     * Requests become due at a steady rate, whether or not earlier ones have been answered; one that finds no free
     * connection waits, and its time runs. What could not be sent within twice the time is not sent at all.
     */
    public Outcome openLoop(List<byte[]> requests, double perSecond) throws IOException {
        long between = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
        return run(requests, between, Duration.ofNanos(2 * between * requests.size()));
    }

    private Outcome run(List<byte[]> all, long between, Duration longest) throws IOException {
        requests = all;
        nanosBetween = between;
        micros = new Samples();
        next = 0;
        answered = 0;
        refused = 0;
        idle.clear();
        idle.addAll(lanes);
        started = System.nanoTime();
        while (answered < requests.size()) {
            sendDue();
            if (next < requests.size() && System.nanoTime() - started > longest.toNanos()) {
                refused += between == 0 ? 0 : requests.size() - next;
                requests = requests.subList(0, next);
                continue;
            }
            long wait = nanosBetween == 0 || idle.isEmpty() || next == requests.size()
                    ? PATIENCE_MILLIS
                    : TimeUnit.NANOSECONDS.toMillis(due(next) - System.nanoTime()) + 1;
            int ready = wait > 0 ? selector.select(wait) : selector.selectNow();
            if (ready == 0 && wait == PATIENCE_MILLIS) {
                throw new IOException("no response within " + PATIENCE_MILLIS / 1_000 + " s");
            }
            for (SelectionKey key : selector.selectedKeys()) {
                Lane lane = (Lane) key.attachment();
                if (key.isReadable()) {
                    receive(lane);
                } else if (key.isWritable()) {
                    write(lane);
                }
            }
            selector.selectedKeys().clear();
        }
        return new Outcome((System.nanoTime() - started) / 1e9, refused, micros);
    }

    private long due(int request) {
        return started + request * nanosBetween;
    }

    private void sendDue() throws IOException {
        while (next < requests.size() && !idle.isEmpty()) {
            long now = System.nanoTime();
            long due = nanosBetween == 0 ? now : due(next);
            if (due > now) {
                return;
            }
            Lane lane = idle.removeFirst();
            lane.due = due;
            lane.out = ByteBuffer.wrap(requests.get(next++));
            lane.parser.reset();
            write(lane);
        }
    }

    private void write(Lane lane) throws IOException {
        lane.channel.write(lane.out);
        int wanted = lane.out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (lane.key.interestOps() != wanted) {
            lane.key.interestOps(wanted);
        }
    }

    private void receive(Lane lane) throws IOException {
        buffer.clear();
        if (lane.channel.read(buffer) < 0) {
            throw new EOFException("the server closed a connection");
        }
        buffer.flip();
        if (lane.parser.feed(buffer, RequestLoad::passOver)) {
            int status = lane.parser.status();
            if (status == 503 || status == 429) {
                refused++;
            } else if (status >= 300) {
                throw new IOException("a request was answered with " + status);
            } else {
                micros.add((System.nanoTime() - lane.due) / 1_000);
            }
            answered++;
            idle.addLast(lane);
            if (nanosBetween == 0) {
                sendDue();
            }
        }
    }

    private static void passOver(ByteBuffer bytes) {
        bytes.position(bytes.limit());
    }

    @Override
    public void close() throws IOException {
        for (Lane lane : lanes) {
            lane.channel.close();
        }
        selector.close();
    }
}
