package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the servers listen. Kept in the data directory, so that addresses stay the same from start to start while nobody
 * else takes them.
 *
 * @param replicas of the first replica, the second …; at least one, should there be a replica or not
 */
record Ports(int primary, List<Integer> replicas) {

    /** Where nothing has been chosen yet. */
    static final Ports NONE = new Ports(0, List.of(0));

    private static final Pattern LINE = Pattern.compile("(primary|replica(?:-\\d)?)=(\\d{1,5})");

    Ports {
        replicas = List.copyOf(replicas);
    }

    /** Of the replica of that number, from 1; 0 where none was chosen. */
    int replica(int number) {
        return number <= replicas.size() ? replicas.get(number - 1) : 0;
    }

    /**
     * The remembered ports where they are free, others where not; written back when they changed. Those of replicas that
     * are not there this time stay remembered.
     */
    static Ports choose(Path file, int replicas) throws IOException {
        Optional<Ports> remembered = remembered(file);
        Deque<Reservation> held = new ArrayDeque<>();
        try {
            held.add(Reservation.of(remembered.map(Ports::primary).orElse(0)));
            int most = Math.max(
                    Math.max(1, replicas),
                    remembered.map(known -> known.replicas.size()).orElse(0));
            for (int number = 1; number <= most; number++) {
                int wanted = number;
                held.add(Reservation.of(
                        remembered.map(known -> known.replica(wanted)).orElse(0)));
            }
            List<Integer> ports = held.stream().map(Reservation::port).toList();
            Ports chosen = new Ports(ports.getFirst(), ports.subList(1, ports.size()));
            if (!remembered.equals(Optional.of(chosen))) {
                FileTree.writePrivate(file, chosen.format());
            }
            return chosen;
        } finally {
            held.forEach(Reservation::close);
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
        List<Integer> ports = new ArrayList<>();
        for (String line : text.strip().split("\\s+", -1)) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches() || !matcher.group(1).equals(name(ports.size()))) {
                return Optional.empty();
            }
            ports.add(Integer.parseInt(matcher.group(2)));
        }
        if (ports.size() < 2) {
            return Optional.empty();
        }
        Set<Integer> distinct = new HashSet<>(ports);
        boolean valid = distinct.size() == ports.size() && ports.stream().allMatch(port -> port > 0 && port <= 0xFFFF);
        return valid ? Optional.of(new Ports(ports.getFirst(), ports.subList(1, ports.size()))) : Optional.empty();
    }

    String format() {
        StringBuilder text = new StringBuilder(name(0) + "=" + primary + "\n");
        for (int number = 1; number <= replicas.size(); number++) {
            text.append(name(number)).append('=').append(replica(number)).append('\n');
        }
        return text.toString();
    }

    private static String name(int number) {
        return number == 0 ? "primary" : DataLayout.replicaName(number);
    }

    /** Holds all ports at once, so that they differ. */
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
