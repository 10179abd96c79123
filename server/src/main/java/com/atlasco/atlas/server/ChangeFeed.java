package com.atlasco.atlas.server;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.capture.CaptureObserver;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.statistics.StatisticsCatalog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells the statistics of what capture has applied. Thread-safe. */
final class ChangeFeed implements CaptureObserver {

    private final StatisticsCatalog statistics;

    ChangeFeed(StatisticsCatalog statistics) {
        this.statistics = statistics;
    }

    @Override
    public void changesApplied(List<Change> changes) {
        for (Change change : changes) {
            switch (change) {
                case Change.EntityUpserted upserted ->
                    upserted.document().ifPresent(document -> learn(upserted, document));
                case Change.EntityDeleted deleted -> statistics.forgetEntity(deleted.tenant());
                case Change.TenantDeleted deleted -> statistics.forget(deleted.tenant());
                case Change.AttributeTypeUpserted _, Change.AttributeTypeDeleted _ -> {}
            }
        }
    }

    private void learn(Change.EntityUpserted upserted, Document document) {
        Map<Integer, Value> values = new HashMap<>();
        upserted.changedAttributes().forEach(id -> document.find(id).ifPresent(value -> values.put(id, value)));
        statistics.learn(
                upserted.tenant(), upserted.version() == 1, upserted.entityType(), upserted.entityId(), values);
    }
}
