package com.atlasco.atlas.analytics.duckdb;

/** An attribute of a tenant. */
record AttributeKey(long tenantId, int attributeId) {}
