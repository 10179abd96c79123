package com.atlasco.atlas.bench.network;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One direction of one connection. Between its ends there is room for about a mebibyte, as socket buffers have; who sends more
 * waits.
 */
final class Pipe {

    private static final int PIECE = 16 * 1024;
    private static final int PIECES = 64;
    private static final ByteBuffer END = ByteBuffer.allocate(0);

    private final Socket from;
    private final Socket to;
    private final Way way;
    private final BlockingQueue<Piece> underWay = new ArrayBlockingQueue<>(PIECES);

    Pipe(Socket from, Socket to, Way way) {
        this.from = from;
        this.to = to;
        this.way = way;
    }

    private record Piece(ByteBuffer bytes, long due) {}

    /** Takes in bytes until their sender ends. */
    void read() {
        byte[] buffer = new byte[PIECE];
        long due = System.nanoTime();
        try {
            try {
                InputStream in = from.getInputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    // Nothing overtakes what was sent before.
                    long own = way.send(read);
                    due = own - due > 0 ? own : due;
                    underWay.put(new Piece(ByteBuffer.wrap(Arrays.copyOf(buffer, read)), due));
                }
            } catch (IOException gone) {
                // It ends here, too.
            }
            underWay.put(new Piece(END, due));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Hands out bytes when they are due.
     *
     * @return false when the receiver is gone
     */
    boolean write() throws InterruptedException {
        int holding = 0;
        try {
            WritableByteChannel out = Channels.newChannel(to.getOutputStream());
            while (true) {
                Piece piece = underWay.take();
                holding = piece.bytes.remaining();
                TimeUnit.NANOSECONDS.sleep(piece.due - System.nanoTime());
                way.await(holding);
                if (holding == 0) {
                    to.shutdownOutput();
                    return true;
                }
                out.write(piece.bytes);
                way.arrive(holding);
            }
        } catch (IOException gone) {
            way.lose(holding);
            for (Piece piece = underWay.poll(); piece != null; piece = underWay.poll()) {
                way.lose(piece.bytes.remaining());
            }
            return false;
        }
    }
}
