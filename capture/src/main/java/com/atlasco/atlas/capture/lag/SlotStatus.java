package com.atlasco.atlas.capture.lag;

import java.time.Instant;

/**
 * The state of the slot, and how long it has been so.
 *
 * @param name the slot's name
 * @param wanted whether capture followed the log, or could not, when the primary was asked: a slot that is missing then is
 *     not about to be made
 * @param since when the state was first seen, by the wall clock
 * @param why what the state was told from, for people
 */
public record SlotStatus(String name, SlotState state, boolean wanted, Instant since, String why) {}
