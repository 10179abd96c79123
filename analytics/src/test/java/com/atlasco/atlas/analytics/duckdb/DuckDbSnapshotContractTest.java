package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.SnapshotContract;
import java.nio.file.Path;

final class DuckDbSnapshotContractTest extends SnapshotContract {

    @Override
    protected AnalyticsStore open(Path storeDirectory) {
        return DuckDbStore.open(DuckDbSettings.of(storeDirectory.resolve("analytics.duckdb")));
    }
}
