package com.atlasco.atlas.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfinementTest {

    private static final UserAccount ROOT = new UserAccount("root", 0, 0);
    private static final UserAccount DAEMON = new UserAccount("daemon", 1, 1);
    private static final UserAccount POSTGRES = new UserAccount("postgres", 101, 104);
    private static final UserAccount NOBODY = new UserAccount("nobody", 65534, 65534);
    private static final UserAccount ALICE = new UserAccount("alice", 1000, 1000);
    private static final List<UserAccount> ACCOUNTS = List.of(ROOT, DAEMON, NOBODY, POSTGRES, ALICE);

    @Test
    void ordinaryUserRunsTheServersAsIs() {
        assertThat(Confinement.candidates(1000, ACCOUNTS, ALICE)).containsExactly(new Confinement.SameUser());
    }

    @Test
    void rootPrefersAUserNamespaceAndThenAccountsWithoutRights() {
        assertThat(Confinement.candidates(0, ACCOUNTS, ROOT))
                .containsExactly(
                        new Confinement.UserNamespace(POSTGRES),
                        new Confinement.OtherAccount(POSTGRES),
                        new Confinement.OtherAccount(NOBODY));
    }

    @Test
    void rootOnAnotherUsersDirectoryTriesThatUserFirstOfAllAccounts() {
        assertThat(Confinement.candidates(0, ACCOUNTS, ALICE))
                .containsSequence(new Confinement.UserNamespace(POSTGRES), new Confinement.OtherAccount(ALICE));
    }

    /** Containers may give a process a number that no account has; initdb refuses that. */
    @Test
    void userWithoutANameGetsOneInAUserNamespace() {
        assertThat(Confinement.candidates(123456, ACCOUNTS, ROOT))
                .containsExactly(new Confinement.UserNamespace(POSTGRES));
    }

    @Test
    void accountsAreReadFromTheirLines() {
        assertThat(UserAccount.parse("postgres:x:101:104:PostgreSQL,,,:/var/lib/postgresql:/bin/bash"))
                .contains(POSTGRES);
        assertThat(UserAccount.parse("# a comment")).isEmpty();
        assertThat(UserAccount.parse("broken:x:one:two::")).isEmpty();
    }
}
