package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.postgres.HeartbeatReader;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.StatementChain;
import java.sql.SQLException;
import java.util.function.Consumer;

/** Adds to a chain what asks for the position of the server; the statements before it see no more than it names. */
@FunctionalInterface
interface PositionQuery {

    void add(StatementChain chain, Session session, Consumer<Position> told) throws SQLException;

    static PositionQuery ofPrimary() {
        return (chain, session, told) -> session.flushedPosition(chain, told);
    }

    /** The node's heartbeats tell how far a replica has come. */
    static PositionQuery ofReplica(String nodeId) {
        return (chain, session, told) -> HeartbeatReader.observe(
                chain, nodeId, seen -> told.accept(seen.ofStandby().position()));
    }

    static PositionQuery none() {
        return (chain, session, told) -> {};
    }
}
