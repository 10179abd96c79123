package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A line of /etc/passwd. */
record UserAccount(String name, int userId, int groupId) {

    /** Accounts made to run a service without rights, in the order in which they are tried. */
    static final List<String> PREFERRED = List.of("postgres", "nobody");

    static Optional<UserAccount> parse(String line) {
        String[] fields = line.split(":", -1);
        if (fields.length < 4 || !fields[2].matches("\\d{1,9}") || !fields[3].matches("\\d{1,9}")) {
            return Optional.empty();
        }
        return Optional.of(new UserAccount(fields[0], Integer.parseInt(fields[2]), Integer.parseInt(fields[3])));
    }

    /** The machine's own accounts; empty where there is no such file. */
    static List<UserAccount> ofThisMachine() {
        try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"))) {
            return lines.map(UserAccount::parse).flatMap(Optional::stream).toList();
        } catch (IOException exception) {
            return List.of();
        }
    }

    static List<UserAccount> unprivileged(List<UserAccount> accounts) {
        return accounts.stream()
                .filter(account -> account.userId() != 0)
                .sorted(Comparator.comparingInt(UserAccount::rank))
                .toList();
    }

    private static int rank(UserAccount account) {
        int place = PREFERRED.indexOf(account.name());
        return place < 0 ? PREFERRED.size() : place;
    }

    /** Who owns a file, by numbers. */
    static UserAccount ownerOf(Path file) throws IOException {
        int userId = (Integer) Files.getAttribute(file, "unix:uid");
        int groupId = (Integer) Files.getAttribute(file, "unix:gid");
        return new UserAccount(Files.getOwner(file).getName(), userId, groupId);
    }

    /** The user this process runs as. */
    static int currentUserId() throws IOException {
        return ownerOf(Path.of("/proc/self")).userId();
    }
}
