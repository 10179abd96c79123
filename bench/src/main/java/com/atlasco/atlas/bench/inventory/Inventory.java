package com.atlasco.atlas.bench.inventory;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.dataset.EntitySource;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Entities of twelve attributes as real ones are: skewed, some sparse, and depending on each other. A city lies in one
 * country, a price grows with the score, an insurance goes with a high score, an asset is seen after it was installed.
 * An entity's values follow from the seed and its id alone. Immutable and thread-safe.
 */
public final class Inventory implements EntitySource {

    private static final List<Attribute> ATTRIBUTES = List.of(
            new Attribute("country", DataType.TEXT),
            new Attribute("city", DataType.TEXT),
            new Attribute("category", DataType.TEXT),
            new Attribute("status", DataType.TEXT),
            new Attribute("score", DataType.NUMBER),
            new Attribute("price", DataType.NUMBER),
            new Attribute("weight", DataType.NUMBER),
            new Attribute("stock", DataType.NUMBER),
            new Attribute("installed", DataType.TS),
            new Attribute("seen", DataType.TS),
            new Attribute("name", DataType.TEXT),
            new Attribute("insured", DataType.BOOL));

    private static final long FIRST_MICROS =
            Instant.parse("2020-01-01T00:00:00Z").getEpochSecond() * 1_000_000;
    private static final long DAY_MICROS = 86_400_000_000L;
    private static final int DAYS = 2_000;
    private static final int CITIES = 400;
    private static final int COUNTRIES = 16;
    private static final int CATEGORIES = 40;

    private final long seed;

    public Inventory(long seed) {
        this.seed = seed;
    }

    @Override
    public List<Attribute> attributes() {
        return ATTRIBUTES;
    }

    @Override
    public List<Optional<Value>> entity(long entityId) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + entityId);
        int city = skewed(random, CITIES, 2.5);
        double score = Math.round(500 * (random.nextDouble() + random.nextDouble())) / 10.0;
        double price = Math.round(1_000 * Math.exp(score / 25 + random.nextGaussian() / 2)) / 100.0;
        long installed = FIRST_MICROS + random.nextInt(DAYS) * DAY_MICROS;
        long seen = installed + (long) (-Math.log(1 - random.nextDouble()) * 200 * 86_400_000) * 1_000;
        int status = random.nextInt(100);
        return List.of(
                text("country-" + letter(city % COUNTRIES)),
                text("city-" + city),
                text("category-" + skewed(random, CATEGORIES, 3)),
                text(status < 80 ? "active" : status < 95 ? "idle" : status < 99 ? "failed" : "retired"),
                number(score),
                number(price),
                number(Math.round(random.nextDouble() * 1e9) / 1e6),
                random.nextInt(10) < 4 ? Optional.empty() : number(skewed(random, 1_000, 4)),
                Optional.of(new Value.TimestampValue(installed)),
                Optional.of(new Value.TimestampValue(seen)),
                text(Long.toHexString(random.nextLong() >>> 32 | 1L << 32).substring(1) + "-" + entityId),
                random.nextInt(10) == 0
                        ? Optional.empty()
                        : Optional.of(new Value.BoolValue(random.nextInt(100) < (score > 70 ? 80 : 10))));
    }

    private static char letter(int number) {
        return (char) ('a' + number);
    }

    /** A number below the bound, the smaller the likelier. */
    private static int skewed(SplittableRandom random, int bound, double exponent) {
        return (int) (bound * Math.pow(random.nextDouble(), exponent));
    }

    private static Optional<Value> text(String text) {
        return Optional.of(new Value.TextValue(text));
    }

    private static Optional<Value> number(double number) {
        return Optional.of(new Value.NumberValue(number));
    }
}
