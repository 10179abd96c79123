package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.AnalyticsStoreContract;
import java.nio.file.Path;

final class DuckDbStoreContractTest extends AnalyticsStoreContract {

    @Override
    protected AnalyticsStore open(Path storeDirectory) {
        return DuckDbStore.open(DuckDbSettings.of(storeDirectory.resolve("analytics.duckdb")));
    }
}
