package com.atlasco.atlas.capture.lag;

import java.time.Instant;

/**
 * The state of the slot, and how long it has been so.
 *
 * @param name the slot's name
 * @param since when the state was first seen, by the wall clock
 * @param why what the state was told from, for people
 */
public record SlotStatus(String name, SlotState state, Instant since, String why) {}
