package com.atlasco.atlas.analytics.change;

import java.util.List;

/** Changes in commit order, applied in one transaction with the watermark that says they were. */
public record ChangeBatch(List<Change> changes, Watermark watermark) {
    public ChangeBatch {
        changes = List.copyOf(changes);
    }
}
