package com.atlasco.atlas.it.filter;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.CanonicalJson;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Value;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Random registries, and values near to one another and near every edge there is, so that they meet in comparisons: many
 * equal ones, few others; texts that differ in case, accents, normal form and their place beyond U+FFFF.
 */
final class RandomWorld {

    static final List<String> TYPES = List.of("person", "place", "θing", "İ");

    private static final List<String> PIECES = List.of(
            "a",
            "A",
            "b",
            "ab",
            "é",
            "e\u0301",
            "É",
            "E\u0301",
            "e",
            "ß",
            "ẞ",
            "ss",
            "SS",
            "σ",
            "ς",
            "Σ",
            "i",
            "I",
            "ı",
            "İ",
            "i\u0307",
            "ﬃ",
            "ffi",
            "ŉ",
            "ǆ",
            "ǅ",
            "K",
            "k",
            "Å",
            "Å",
            "å",
            "Ω",
            "ω",
            "ᾳ",
            "αι",
            "ῼ",
            "\u0345",
            "\u0301",
            "\u0308",
            "\u0327",
            "\u0315\u0300",
            "ü\u0304",
            "ǖ",
            "ő",
            "ñ",
            "Ł",
            "ø",
            "ё",
            "й",
            "가",
            "\u1100\u1161",
            "が",
            "か\u3099",
            "कि",
            "क\u093C",
            "क़",
            "שׁ",
            "ش\u0651",
            "ﬁ",
            "½",
            "\uD83D\uDE00",
            "\uD83D\uDE01",
            "\uD801\uDC00",
            "\uD801\uDC28",
            "\uE000",
            "\uFFFD",
            "\uFFFF",
            "Ꭰ",
            "ꭰ",
            "ᏸ",
            "ᲀ",
            "Ა",
            "ა",
            "\uD803\uDD50",
            "\uD803\uDD70",
            "\u1C89",
            "\u1AFF",
            "\u20D7",
            "\uD801\uDDC9",
            "\u0336",
            "≠",
            "%",
            "_",
            "\\",
            "'",
            "\"",
            " ",
            "\n",
            "\u0085",
            "0",
            "1",
            ".",
            "x");

    private static final List<Double> NUMBERS = List.of(
            0.0,
            1.0,
            -1.0,
            2.0,
            3.0,
            0.5,
            -0.5,
            2.5,
            -2.5,
            10.0,
            0.1,
            0.2,
            0.3,
            0.7,
            7.0,
            -7.0,
            100.0,
            1e-7,
            123456.789,
            1e9,
            0x1p53,
            0x1p53 + 2,
            1e16,
            1e22,
            -1e22,
            1e149,
            1e150,
            1.0000000000000002e150,
            -1e151,
            1e-149,
            1e-150,
            9.9e-151,
            -1e-160,
            1e300,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            Double.MIN_VALUE,
            Double.MIN_NORMAL,
            690.0,
            -690.0);

    private static final List<String> JSONS = List.of(
            "[]",
            "{}",
            "0",
            "\"a\"",
            "[1]",
            "[1,2]",
            "[2,1,1]",
            "[\"a\"]",
            "[\"a\",\"b\"]",
            "[\"A\",null]",
            "[[1]]",
            "[[1,2]]",
            "[[]]",
            "[{\"a\":1}]",
            "[{\"a\":1,\"b\":2}]",
            "[true]",
            "[false,1,\"1\"]",
            "[0.1,0.30000000000000004]",
            "[1e22]",
            "[12345678901234567890]",
            "[9007199254740992]",
            "[\"é\",\"\\\"\",\"\\\\\",\"\\n\"]",
            "[\"[\",\"]\"]",
            "[\"\uD83D\uDE00\"]",
            "[5e-324]",
            "[1.7976931348623157E308]",
            "[-0.0]");

    private static final List<String> NAMES =
            List.of("plain", "Größe", "say \"hi\"", "not", "a.b:c", "😀", "date", "it's", "x y", "_", "casei", "Null");

    private final Random random;

    RandomWorld(Random random) {
        this.random = random;
    }

    /** The types of a registry's attributes with their names: at least one attribute of each type. */
    Map<String, DataType> registry() {
        TreeMap<String, DataType> types = new TreeMap<>();
        for (DataType dataType : DataType.values()) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                types.put(pick(NAMES) + types.size(), dataType);
            }
        }
        return types;
    }

    /** Some attributes are nearly always there, others rarely. */
    Document document(List<AttributeType> types) {
        TreeMap<Integer, Value> values = new TreeMap<>();
        for (AttributeType type : types) {
            if (random.nextDouble() < (type.attributeId() % 4 == 0 ? 0.1 : 0.85)) {
                values.put(type.attributeId(), value(type.dataType()));
            }
        }
        return new Document(values);
    }

    Value value(DataType dataType) {
        return switch (dataType) {
            case NUMBER -> new Value.NumberValue(number());
            case TEXT -> new Value.TextValue(text());
            case TS -> new Value.TimestampValue(micros());
            case BOOL -> new Value.BoolValue(random.nextInt(3) == 0);
            case JSON -> new Value.JsonValue(CanonicalJson.of(json()));
        };
    }

    double number() {
        return switch (random.nextInt(8)) {
            case 0 -> pick(NUMBERS);
            case 1 -> random.nextGaussian() * Math.pow(10, random.nextInt(8) - 3);
            case 2 -> random.nextInt(1_000) / 8.0;
            case 3 -> {
                double any = Double.longBitsToDouble(random.nextLong());
                yield Double.isFinite(any) ? any : 1;
            }
            default -> random.nextInt(9) - 3;
        };
    }

    String text() {
        int length = (int) (Math.pow(random.nextDouble(), 2) * 5);
        return IntStream.range(0, random.nextInt(60) == 0 ? 600 : length)
                .mapToObj(i -> random.nextInt(40) == 0 ? anyCharacter() : pick(PIECES))
                .collect(Collectors.joining());
    }

    private String anyCharacter() {
        int codePoint;
        do {
            codePoint = 1 + random.nextInt(random.nextBoolean() ? 0x2FFF : Character.MAX_CODE_POINT);
        } while (Character.getType(codePoint) == Character.SURROGATE);
        return Character.toString(codePoint);
    }

    long micros() {
        return switch (random.nextInt(6)) {
            case 0 -> -62_135_596_800_000_000L + random.nextInt(3);
            case 1 -> 253_402_300_799_999_999L - random.nextInt(3);
            case 2 -> -random.nextLong(3_000_000_000_000_000L);
            case 3 -> 1_767_225_600_000_000L + random.nextInt(4) * 86_400_000_000L - random.nextInt(3);
            default -> 1_767_225_600_000_000L + random.nextInt(4) * 43_200_000_000L;
        };
    }

    private String json() {
        return switch (random.nextInt(3)) {
            case 0 -> pick(JSONS);
            default ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> pick(List.of("1", "2", "3", "\"a\"", "\"b\"", "true", "null", "[1]", "[2,1]")))
                        .collect(Collectors.joining(",", "[", "]"));
        };
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
