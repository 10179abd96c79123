package com.atlasco.atlas.freshness;

import java.util.OptionalLong;

/**
 * When this incarnation of this node sent its heartbeats, by its monotonic clock; the newest ones only. Thread-safe.
 *
 * <p>A moment is noted before the statement is issued, so whatever was acknowledged before the moment precedes the
 * heartbeat in the log. It holds whether the send succeeds, fails, or commits after it was given up on.
 */
public final class HeartbeatLog {

    private final String nodeId;
    private final long[] moments;
    private long newest;

    /**
     * Starts empty.
     *
     * @param nodeId of this incarnation of the node: a new one at every start of the process
     * @param remembered how many heartbeats to remember
     */
    public HeartbeatLog(String nodeId, int remembered) {
        Settings.requirePositive("remembered", remembered);
        this.nodeId = nodeId;
        this.moments = new long[remembered];
    }

    public String nodeId() {
        return nodeId;
    }

    /**
     * Gives out the next sequence, from 1, for a heartbeat that is sent after this call; no sequence is given out
     * twice.
     *
     * @param moment the monotonic clock in nanoseconds, read before this call
     */
    synchronized long next(long moment) {
        newest++;
        moments[slot(newest)] = moment;
        return newest;
    }

    /** The newest sequence given out; 0 before the first. */
    public synchronized long newestSequence() {
        return newest;
    }

    /**
     * When the heartbeat was sent, at the earliest.
     *
     * @return nanoseconds of the monotonic clock; empty for another node's, one not sent yet, one sent too long ago
     */
    public synchronized OptionalLong moment(String ofNode, long sequence) {
        if (!ofNode.equals(nodeId) || sequence < 1 || sequence > newest || newest - sequence >= moments.length) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(moments[slot(sequence)]);
    }

    private int slot(long sequence) {
        return (int) (sequence % moments.length);
    }
}
