package com.atlasco.atlas.bench.freshness;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Faults that need an Atlas started in the same way. Its methods are called by one thread. */
interface Scene extends AutoCloseable {

    String name();

    /** Options of {@code atlas up}. */
    default List<String> options() {
        return List.of();
    }

    /** Variables of its environment, beside those of this process. */
    default Map<String, String> environment() {
        return Map.of();
    }

    /** Why it cannot be played here; empty when it can. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** What there is to go wrong, in order. Nothing is done to the servers yet, which need not run. */
    List<Fault> faults(Servers servers, Stage stage);

    @Override
    default void close() throws Exception {}
}
