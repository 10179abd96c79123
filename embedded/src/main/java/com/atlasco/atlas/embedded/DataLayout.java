package com.atlasco.atlas.embedded;

import java.nio.file.Path;

/** The names of everything under the data directory. */
record DataLayout(Path root) {

    Path lock() {
        return root.resolve("atlas.lock");
    }

    /** Apart from the lock: closing any other channel of the lock file would release the lock. */
    Path lockHolder() {
        return root.resolve("atlas.pid");
    }

    Path ownBinaries() {
        return root.resolve("bin");
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    Path primary() {
        return postgres().resolve("primary");
    }

    /** The first replica's. */
    Path replica() {
        return replica(1);
    }

    Path replica(int number) {
        return postgres().resolve(replicaName(number));
    }

    /** What a replica is called: in paths, in logs and by people. */
    static String replicaName(int number) {
        return number == 1 ? "replica" : "replica-" + number;
    }

    /** Where a server's directory is built before it gets its name. */
    Path unfinished(Path serverDirectory) {
        return serverDirectory.resolveSibling(serverDirectory.getFileName() + ".unfinished");
    }

    Path logs() {
        return postgres().resolve("logs");
    }

    Path password() {
        return postgres().resolve("password");
    }

    Path ports() {
        return postgres().resolve("ports");
    }
}
