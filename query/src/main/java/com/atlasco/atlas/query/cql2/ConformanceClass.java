package com.atlasco.atlas.query.cql2;

/** The conformance classes of the CQL2 standard (OGC 21-065r2) that filters meet, on every source. */
public enum ConformanceClass {
    CQL2_TEXT("cql2-text"),
    CQL2_JSON("cql2-json"),
    BASIC_CQL2("basic-cql2"),
    ADVANCED_COMPARISON_OPERATORS("advanced-comparison-operators"),
    CASE_INSENSITIVE_COMPARISON("case-insensitive-comparison"),
    ACCENT_INSENSITIVE_COMPARISON("accent-insensitive-comparison"),
    PROPERTY_PROPERTY("property-property"),
    ARITHMETIC("arithmetic"),
    TEMPORAL_FUNCTIONS("temporal-functions"),
    ARRAY_FUNCTIONS("array-functions");

    private static final String BASE = "http://www.opengis.net/spec/cql2/1.0/conf/";

    private final String uri;

    ConformanceClass(String name) {
        this.uri = BASE + name;
    }

    /** As the standard names it. */
    public String uri() {
        return uri;
    }
}
