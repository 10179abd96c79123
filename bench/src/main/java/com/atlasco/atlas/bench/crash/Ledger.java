package com.atlasco.atlas.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known of each entity: its state after the last acknowledged write, and at most one write after that whose
 * outcome is unknown. An entity with an unknown write is left alone until it has been looked at, so there are never more
 * than two states it may be in. An entity is written by one thread at a time; thread-safe otherwise.
 */
final class Ledger {

    private final Map<Long, Entry> entries = new ConcurrentHashMap<>();

    /**
     * One entity.
     *
     * @param version of the last acknowledged write, 0 for an entity that is not there
     * @param unknown what else it may be
     */
    record Entry(State acknowledged, long version, Optional<State> unknown) {
        static final Entry NEVER_WRITTEN = new Entry(State.ABSENT, 0, Optional.empty());
    }

    /** What looking at an entity shows. */
    enum Verdict {
        AS_ACKNOWLEDGED,
        UNKNOWN_IS_PRESENT,
        UNKNOWN_IS_ABSENT,
        /** An older state, or none, in place of what was acknowledged. */
        LOST,
        /** A state that no sequence of whole writes leads to. */
        HALF
    }

    Entry entry(long entityId) {
        return entries.getOrDefault(entityId, Entry.NEVER_WRITTEN);
    }

    void acknowledged(Operation operation, long version) {
        entries.put(
                operation.entityId(),
                new Entry(operation.after(), operation.after().exists() ? version : 0, Optional.empty()));
    }

    void unknown(Operation operation) {
        Entry before = entry(operation.entityId());
        entries.put(
                operation.entityId(), new Entry(before.acknowledged, before.version, Optional.of(operation.after())));
    }

    /** Compares with what is there, and goes on from that. */
    Verdict look(long entityId, Optional<JsonNode> found) {
        Entry entry = entry(entityId);
        State state = found.map(State::of).orElse(State.ABSENT);
        long version = found.map(entity -> entity.path("version").longValue()).orElse(0L);
        entries.put(entityId, new Entry(state, version, Optional.empty()));
        if (state.equals(entry.acknowledged) && version == entry.version) {
            return entry.unknown.isPresent() ? Verdict.UNKNOWN_IS_ABSENT : Verdict.AS_ACKNOWLEDGED;
        }
        boolean later = !state.exists() || version > entry.version;
        if (later && entry.unknown.filter(state::equals).isPresent()) {
            return Verdict.UNKNOWN_IS_PRESENT;
        }
        return version < entry.version ? Verdict.LOST : Verdict.HALF;
    }

    Iterable<Long> entities() {
        return entries.keySet();
    }
}
