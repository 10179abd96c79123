package com.atlasco.atlas.bench.ingest;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** A hand-written way to put entities into PostgreSQL. */
interface Peer {

    /** The contestant it is a way of, and what is said of the way itself. */
    String name();

    String way();

    /** The database with its tables. */
    PeerDatabase database();

    /** The fewest connections it is worth measuring with. */
    default int fewestConnections() {
        return 1;
    }

    /** Makes everything ready that is not part of the measured time. */
    Transaction prepare(Chunk chunk);

    /** What a connection has to do for one chunk, but for the commit. */
    @FunctionalInterface
    interface Transaction {
        void run(Connection connection) throws SQLException, IOException;
    }
}
