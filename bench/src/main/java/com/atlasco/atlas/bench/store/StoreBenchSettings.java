package com.atlasco.atlas.bench.store;

import java.time.Duration;
import java.util.List;

/**
 * What the store is kept busy with.
 *
 * @param entities how many there are; each update replaces one of them
 * @param attributes of an entity, from 3
 * @param changed attributes that an update changes, from 1; each is a row of the history
 * @param batch updates in a batch
 * @param rate updates a second at most; 0 for as many as the store applies
 * @param duration how long each run takes, without the first load
 * @param histories a run for each: whether the history is kept
 * @param hot attributes with a column of their own, from 0
 * @param checkpointBytes of log after which it is folded into the file
 * @param retention how long the history is kept; zero for ever
 * @param seed of entities and updates
 */
public record StoreBenchSettings(
        int entities,
        int attributes,
        int changed,
        int batch,
        int rate,
        Duration duration,
        List<Boolean> histories,
        int hot,
        long checkpointBytes,
        Duration retention,
        long seed) {
    public StoreBenchSettings {
        histories = List.copyOf(histories);
    }
}
