package com.atlasco.atlas.bench.dataset;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Entities made of a seed: numbers, texts, timestamps and booleans, some of few and some of many distinct values. An
 * entity's values follow from the seed, its tenant and its id alone. Immutable and thread-safe.
 */
public final class Dataset {

    public static final String ENTITY_TYPE = "asset";

    private static final long FIRST_MICROS =
            Instant.parse("2020-01-01T00:00:00Z").getEpochSecond() * 1_000_000;
    private static final long DAYS = 2_000;
    /** The values of the attribute {@code country}. */
    public static final List<String> COUNTRIES =
            List.of("US", "DE", "FR", "GB", "JP", "CN", "IN", "BR", "CA", "AU", "IT", "ES", "MX", "KR", "NL", "SE");

    private static final List<Kind> CYCLE = List.of(
            Kind.SCORE,
            Kind.COUNTRY,
            Kind.INSTALLED,
            Kind.ACTIVE,
            Kind.COUNT,
            Kind.NAME,
            Kind.READING,
            Kind.SITE,
            Kind.SEEN,
            Kind.PRICE);

    private final long seed;
    private final List<Attribute> attributes;

    /** An attribute of every entity. */
    public record Attribute(String name, DataType type) {}

    private enum Kind {
        SCORE(DataType.NUMBER),
        COUNTRY(DataType.TEXT),
        INSTALLED(DataType.TS),
        ACTIVE(DataType.BOOL),
        COUNT(DataType.NUMBER),
        NAME(DataType.TEXT),
        READING(DataType.NUMBER),
        SITE(DataType.TEXT),
        SEEN(DataType.TS),
        PRICE(DataType.NUMBER);

        private final DataType type;

        Kind(DataType type) {
            this.type = type;
        }
    }

    /**
     * Entities with that many attributes.
     *
     * @param attributes at least 1; every ten repeat four numbers, three texts, two timestamps and a boolean
     */
    public Dataset(long seed, int attributes) {
        this.seed = seed;
        List<Attribute> made = new ArrayList<>();
        for (int i = 0; i < attributes; i++) {
            Kind kind = kind(i);
            made.add(new Attribute(kind.name().toLowerCase(java.util.Locale.ROOT) + "_" + i, kind.type));
        }
        this.attributes = List.copyOf(made);
    }

    public List<Attribute> attributes() {
        return attributes;
    }

    private static Kind kind(int attribute) {
        return CYCLE.get(attribute % CYCLE.size());
    }

    /** An entity's values, in the order of {@link #attributes}. */
    public List<Value> values(long tenant, long entityId) {
        SplittableRandom random = new SplittableRandom((seed * 31 + tenant) * 0x9E3779B97F4A7C15L + entityId);
        List<Value> values = new ArrayList<>(attributes.size());
        for (int i = 0; i < attributes.size(); i++) {
            values.add(value(kind(i), entityId, random));
        }
        return values;
    }

    private static Value value(Kind kind, long entityId, SplittableRandom random) {
        return switch (kind) {
            case SCORE -> new Value.NumberValue(random.nextInt(1_000) / 10.0);
            case COUNTRY -> new Value.TextValue(COUNTRIES.get(random.nextInt(COUNTRIES.size())));
            case INSTALLED -> new Value.TimestampValue(FIRST_MICROS + random.nextLong(DAYS) * 86_400_000_000L);
            case ACTIVE -> new Value.BoolValue(random.nextInt(10) < 8);
            case COUNT -> new Value.NumberValue(random.nextInt(100_000));
            case NAME -> new Value.TextValue("Asset " + entityId);
            case READING -> new Value.NumberValue(Math.round(random.nextDouble() * 1e9) / 1e6);
            case SITE -> new Value.TextValue("site-" + random.nextInt(5_000));
            case SEEN -> new Value.TimestampValue(FIRST_MICROS + random.nextLong(DAYS * 86_400_000L) * 1_000);
            case PRICE -> new Value.NumberValue(random.nextInt(10_000_000) / 100.0);
        };
    }
}
