package com.atlasco.atlas.model;

import java.time.Instant;

/**
 * A row that a node writes to the primary about every 50 ms and that travels every path that data travels.
 *
 * <p>Whoever has seen heartbeat {@code sequence} contains every commit that was acknowledged before it was sent, and
 * every commit whose end lies at or below {@code position}: both were durable before the heartbeat's transaction
 * began, so their commits precede its commit in the log.
 *
 * @param nodeId the incarnation of the node that sent it: a new one at every start of the process
 * @param sequence from 1, greater by one each time
 * @param position the log's flushed end on the primary, read inside the heartbeat's transaction
 * @param sentAt the primary's wall clock then; for people and other machines, never for bounds
 */
public record Heartbeat(String nodeId, long sequence, Position position, Instant sentAt) {}
