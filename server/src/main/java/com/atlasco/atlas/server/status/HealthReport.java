package com.atlasco.atlas.server.status;

import java.time.Duration;
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
     */
    public record Component(
            String name,
            boolean up,
            String state,
            Optional<Duration> lag,
            Optional<Duration> threshold,
            String detail) {}

    public boolean up() {
        return components.stream().allMatch(Component::up);
    }
}
