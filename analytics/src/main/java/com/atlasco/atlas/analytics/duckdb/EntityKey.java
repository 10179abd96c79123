package com.atlasco.atlas.analytics.duckdb;

/** An entity of a tenant. */
record EntityKey(long tenantId, long entityId) {}
