package com.atlasco.atlas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentCodecTest {

    private static final String[] TEXTS = {
        "", "a", "\"", "\\", "\u0001", "\u2028", "Straße", "😀", "\uFFFF", "{\"ts\":1}"
    };
    private static final String[] JSONS = {
        "[]", "{}", "null", "true", "\"x\"", "1", "-0.5", "1.0E300", "{\"a\":[1,{\"b\":null}],\"ts\":2}", "[[[\"😀\"]]]"
    };

    @Test
    void readsBackWhatItWrote() {
        long seed = 31;
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            Map<Integer, Value> values = new TreeMap<>();
            for (int count = random.nextInt(6); count > 0; count--) {
                values.put(1 + random.nextInt(Integer.MAX_VALUE), value(random));
            }
            Document document = Document.of(values);
            String text = DocumentCodec.encode(document);
            assertThat(DocumentCodec.decode(text)).as("seed %d: %s", seed, text).isEqualTo(document);
        }
    }

    private static Value value(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> {
                double any = Double.longBitsToDouble(random.nextLong());
                yield new Value.NumberValue(Double.isFinite(any) ? any : -0.0);
            }
            case 1 -> new Value.NumberValue((double) random.nextLong() / (1L << random.nextInt(63)));
            case 2 -> new Value.TextValue(TEXTS[random.nextInt(TEXTS.length)] + TEXTS[random.nextInt(TEXTS.length)]);
            case 3 -> new Value.BoolValue(random.nextBoolean());
            case 4 -> new Value.TimestampValue(random.nextLong());
            default -> new Value.JsonValue(JSONS[random.nextInt(JSONS.length)]);
        };
    }

    @Test
    void writesTheFormThatItsJavadocShows() {
        Document document = Document.of(Map.of(
                3, new Value.NumberValue(12.5),
                7, new Value.TextValue("text"),
                9, new Value.BoolValue(true),
                12, new Value.TimestampValue(1_700_000_000_000_000L),
                15, new Value.JsonValue("[1,2]"),
                2, new Value.NumberValue(5)));
        assertThat(DocumentCodec.encode(document))
                .isEqualTo(
                        "{\"2\":5,\"3\":12.5,\"7\":\"text\",\"9\":true,\"12\":{\"ts\":1700000000000000},\"15\":{\"json\":[1,2]}}");
    }

    @Test
    void readsAnySpacingAndOrderOfMembers() {
        assertThat(DocumentCodec.decode(" { \"9\" : {\"json\" : { \"b\":1.0, \"a\": -0.0 } } , \"1\":1e0 } "))
                .isEqualTo(
                        Document.of(Map.of(1, new Value.NumberValue(1), 9, new Value.JsonValue("{\"a\":0,\"b\":1}"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{\"1\":",
                "{\"1\":2",
                "{\"x\":1}",
                "{\"1\":null}",
                "{\"1\":[1]}",
                "{\"1\":{}}",
                "{\"1\":{\"ts\":\"x\"}}",
                "{\"1\":{\"ts\":1,\"json\":2}}",
                "{\"1\":{\"other\":1}}",
                "{\"1\":1e999}",
                "{\"1\":2} x",
                "{\"1\":2}{}",
                "{\"1\":2]"
            })
    void refusesWhatIsNoDocument(String text) {
        assertThatThrownBy(() -> DocumentCodec.decode(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatWasPickedAndIsNotThereIsAbsent() {
        assertThat(DocumentCodec.decodePicked("{\"1\":null,\"2\":3,\"4\":{\"json\":null}}")
                        .values())
                .isEqualTo(Map.of(2, new Value.NumberValue(3), 4, new Value.JsonValue("null")));
        assertThatThrownBy(() -> DocumentCodec.decodePicked("{\"1\":[null]}"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
