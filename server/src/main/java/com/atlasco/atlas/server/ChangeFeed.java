package com.atlasco.atlas.server;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.capture.AppliedBatch;
import com.atlasco.atlas.capture.CaptureObserver;
import com.atlasco.atlas.capture.CaptureState;
import com.atlasco.atlas.capture.CaptureStatus;
import com.atlasco.atlas.freshness.cache.EntityCache;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.statistics.StatisticsCatalog;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tells the cache and the statistics of what capture has applied. Thread-safe. */
final class ChangeFeed implements CaptureObserver {

    private final StatisticsCatalog statistics;
    private final Optional<EntityCache> cache;

    ChangeFeed(StatisticsCatalog statistics, Optional<EntityCache> cache) {
        this.statistics = statistics;
        this.cache = cache;
    }

    @Override
    public void changesApplied(List<Change> changes) {
        cache.ifPresent(copies -> changes.forEach(change -> invalidate(copies, change)));
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

    /** All changes up to the watermark have been applied, and this feed has been told of them before. */
    @Override
    public void batchApplied(AppliedBatch batch) {
        Watermark watermark = batch.watermark();
        if (watermark.snapshotComplete()) {
            cache.ifPresent(copies -> copies.passed(watermark.position(), watermark.heartbeats()));
        }
    }

    /**
     * Between two runs of capture changes may get into the store that nobody was told of, so each run begins anew; while a
     * snapshot fills the store from nothing, what has been told of is not known either.
     */
    @Override
    public void stateChanged(CaptureStatus status) {
        if (status.state() == CaptureState.STREAMING) {
            cache.ifPresent(EntityCache::follow);
        } else {
            cache.ifPresent(copies ->
                    copies.unfollow("change capture is " + status.state().name().toLowerCase(Locale.ROOT)));
        }
    }

    private static void invalidate(EntityCache copies, Change change) {
        switch (change) {
            case Change.EntityUpserted upserted -> copies.changed(upserted.tenant(), upserted.entityId());
            case Change.EntityDeleted deleted -> copies.changed(deleted.tenant(), deleted.entityId());
            case Change.TenantDeleted deleted -> copies.tenantDeleted(deleted.tenant());
            // Copies have values by the ids of their attributes; names are put to them when they are read.
            case Change.AttributeTypeUpserted _, Change.AttributeTypeDeleted _ -> {}
        }
    }

    private void learn(Change.EntityUpserted upserted, Document document) {
        Map<Integer, Value> values = new HashMap<>();
        upserted.changedAttributes().forEach(id -> document.find(id).ifPresent(value -> values.put(id, value)));
        statistics.learn(
                upserted.tenant(), upserted.version() == 1, upserted.entityType(), upserted.entityId(), values);
    }
}
