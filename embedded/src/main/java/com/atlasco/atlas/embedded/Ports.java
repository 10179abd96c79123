package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the two servers listen. Kept in the data directory, so that addresses stay the same from start to start while
 * nobody else takes them.
 */
record Ports(int primary, int replica) {

    private static final Pattern FORMAT = Pattern.compile("primary=(\\d{1,5})\\s+replica=(\\d{1,5})\\s*");

    /** The remembered ports where they are free, others where not; written back when they changed. */
    static Ports choose(Path file) throws IOException {
        Optional<Ports> remembered = remembered(file);
        try (Reservation primary = Reservation.of(remembered.map(Ports::primary).orElse(0));
                Reservation replica =
                        Reservation.of(remembered.map(Ports::replica).orElse(0))) {
            Ports chosen = new Ports(primary.port(), replica.port());
            if (!remembered.equals(Optional.of(chosen))) {
                FileTree.writePrivate(file, chosen.format());
            }
            return chosen;
        }
    }

    /** Makes the next choice independent of this one, which turned out to be taken. */
    static void forget(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /** The ports of the last start. */
    static Optional<Ports> remembered(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (NoSuchFileException exception) {
            return Optional.empty();
        }
    }

    static Optional<Ports> parse(String text) {
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Ports ports = new Ports(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        return ports.valid() ? Optional.of(ports) : Optional.empty();
    }

    String format() {
        return "primary=" + primary + "\nreplica=" + replica + "\n";
    }

    private boolean valid() {
        return primary > 0 && primary <= 0xFFFF && replica > 0 && replica <= 0xFFFF && primary != replica;
    }

    /** Holds both ports at once, so that they differ. */
    private record Reservation(ServerSocket socket) implements AutoCloseable {

        static Reservation of(int wanted) throws IOException {
            try {
                return new Reservation(bind(wanted));
            } catch (IOException exception) {
                if (wanted == 0) {
                    throw exception;
                }
                return new Reservation(bind(0));
            }
        }

        private static ServerSocket bind(int port) throws IOException {
            ServerSocket socket = new ServerSocket();
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return socket;
            } catch (IOException exception) {
                socket.close();
                throw exception;
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException exception) {
                throw new UncheckedIOException(exception);
            }
        }
    }
}
