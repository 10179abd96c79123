package com.atlasco.atlas.server.status;

import com.atlasco.atlas.model.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The health of the node's parts; up only when all of them are. */
public record HealthReport(List<Component> components) {

    public HealthReport {
        components = List.copyOf(components);
    }

    /**
     * One part.
     *
     * @param lag the staleness bound now; empty when it is not known
     * @param threshold what the bound has to stay below
     * @param position how far a source has come, where that is known
     * @param since when a source came into this state, by the wall clock
     */
    public record Component(
            String name,
            boolean up,
            String state,
            Optional<Duration> lag,
            Optional<Duration> threshold,
            Optional<Position> position,
            Optional<Instant> since,
            String detail) {

        /** Of a part that is no source. */
        Component(
                String name,
                boolean up,
                String state,
                Optional<Duration> lag,
                Optional<Duration> threshold,
                String detail) {
            this(name, up, state, lag, threshold, Optional.empty(), Optional.empty(), detail);
        }
    }

    public boolean up() {
        return components.stream().allMatch(Component::up);
    }
}
