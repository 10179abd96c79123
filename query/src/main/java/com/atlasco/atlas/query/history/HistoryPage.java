package com.atlasco.atlas.query.history;

import java.util.List;
import java.util.Optional;

/**
 * Entries of a history, the newest first.
 *
 * @param next present exactly when there are older ones
 */
public record HistoryPage(List<HistoryEntry> entries, Optional<HistoryPlace> next) {
    public HistoryPage {
        entries = List.copyOf(entries);
    }
}
