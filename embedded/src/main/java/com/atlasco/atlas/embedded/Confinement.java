package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * As whom the servers run. PostgreSQL refuses root, and an identity that has no name.
 *
 * <p>Each kind gives the words to put before a command and what it takes for the server to own a file that this process
 * made. All of them replace themselves by the command, so its process number is the child's.
 */
sealed interface Confinement {

    List<String> prefix();

    /** Makes the servers the owner of a file or directory, and of all it holds. */
    void own(Path path) throws IOException;

    /** How it is named in messages. */
    String description();

    /** The servers run as the user of this process. */
    record SameUser() implements Confinement {

        @Override
        public List<String> prefix() {
            return List.of();
        }

        @Override
        public void own(Path path) {
            // They are the owner already.
        }

        @Override
        public String description() {
            return "the current user";
        }
    }

    /**
     * The servers run in a user namespace, where this process's user goes by another name. Outside nothing changes:
     * files belong to the real user, and signals reach the servers as ever.
     */
    record UserNamespace(UserAccount account) implements Confinement {

        @Override
        public List<String> prefix() {
            return List.of(
                    "unshare", "--user", "--map-user=" + account.userId(), "--map-group=" + account.groupId(), "--");
        }

        @Override
        public void own(Path path) {
            // The real user, who made the file, is the owner inside too.
        }

        @Override
        public String description() {
            return "a user namespace (unshare --user --map-user=" + account.userId() + ")";
        }
    }

    /** The servers run as another account, which must be given the files; needs root. */
    record OtherAccount(UserAccount account) implements Confinement {

        @Override
        public List<String> prefix() {
            return List.of(
                    "setpriv",
                    "--reuid=" + account.userId(),
                    "--regid=" + account.groupId(),
                    "--clear-groups",
                    "--no-new-privs",
                    "--");
        }

        @Override
        public void own(Path path) throws IOException {
            var lookup = path.getFileSystem().getUserPrincipalLookupService();
            UserPrincipal user = lookup.lookupPrincipalByName(Integer.toString(account.userId()));
            GroupPrincipal group = lookup.lookupPrincipalByGroupName(Integer.toString(account.groupId()));
            List<Path> paths;
            try (Stream<Path> tree = Files.walk(path)) {
                paths = tree.toList();
            }
            for (Path each : paths) {
                PosixFileAttributeView view =
                        Files.getFileAttributeView(each, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
                view.setOwner(user);
                view.setGroup(group);
            }
        }

        @Override
        public String description() {
            return "the account " + account.name();
        }
    }

    /** What may work here, best first; whether it does is found out by trying. */
    static List<Confinement> candidates(int currentUserId, List<UserAccount> accounts, UserAccount dataDirectoryOwner) {
        boolean named = accounts.stream().anyMatch(account -> account.userId() == currentUserId);
        if (currentUserId != 0 && named) {
            return List.of(new SameUser());
        }
        List<Confinement> candidates = new ArrayList<>();
        List<UserAccount> unprivileged = UserAccount.unprivileged(accounts);
        unprivileged.stream().limit(1).map(UserNamespace::new).forEach(candidates::add);
        if (currentUserId == 0) {
            if (dataDirectoryOwner.userId() != 0) {
                candidates.add(new OtherAccount(dataDirectoryOwner));
            }
            unprivileged.stream()
                    .filter(account -> UserAccount.PREFERRED.contains(account.name()))
                    .map(OtherAccount::new)
                    .forEach(candidates::add);
        }
        return List.copyOf(candidates);
    }
}
