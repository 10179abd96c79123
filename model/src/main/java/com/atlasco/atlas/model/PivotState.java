package com.atlasco.atlas.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How far the pivot has come for one attribute. An attribute is <em>wanted</em> in the pivot while it is filterable and
 * not retired; what is wanted changes at once, the pivot follows in the background.
 *
 * <pre>
 * state     writers keep   readers   wanted now             not wanted now         background job
 *           its rows       use it
 * none      no             no        → filling (barrier)    –                      –
 * filling   yes            no        –                      → emptying (barrier)   adds rows, at the end → ready
 * ready     yes            yes       –                      → emptying (barrier)   –
 * emptying  no             no        stays until empty      –                      removes rows, at the end → none,
 *                                                                                  or → filling (barrier) when wanted
 * </pre>
 *
 * <p>The barrier waits for the tenant's writers under way and lets new ones in when the new state is committed, so no
 * writer works by an old state. A new attribute begins {@code ready} or {@code none}: nobody has values of it.
 */
public enum PivotState {
    NONE,
    FILLING,
    READY,
    EMPTYING;

    /** The name on the wire and in the registry: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of that wire name, or empty. */
    public static Optional<PivotState> ofWireName(String wireName) {
        return Arrays.stream(values())
                .filter(state -> state.wireName().equals(wireName))
                .findFirst();
    }

    /** Where a new attribute begins. */
    public static PivotState initial(boolean wanted) {
        return wanted ? READY : NONE;
    }

    /** The state after {@code wanted} is asked for; this one when nothing is to be done, or not yet. */
    public PivotState when(boolean wanted) {
        return switch (this) {
            case NONE -> wanted ? FILLING : NONE;
            case FILLING -> wanted ? FILLING : EMPTYING;
            case READY -> wanted ? READY : EMPTYING;
            case EMPTYING -> EMPTYING;
        };
    }

    /** The state after the background job has done all its rows. */
    public PivotState done(boolean wanted) {
        return switch (this) {
            case FILLING -> READY;
            case EMPTYING -> wanted ? FILLING : NONE;
            case NONE, READY -> this;
        };
    }

    /** Whether writers carry every change of a value over to the pivot. */
    public boolean maintained() {
        return this == FILLING || this == READY;
    }

    /** Whether the background job has something to do. */
    public boolean underWay() {
        return this == FILLING || this == EMPTYING;
    }
}
