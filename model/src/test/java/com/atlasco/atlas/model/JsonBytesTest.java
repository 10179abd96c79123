package com.atlasco.atlas.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonBytesTest {

    private static final JsonFactory FACTORY = new JsonFactory();

    @Test
    void writesWhatAGeneratorWrites() throws IOException {
        long seed = 8;
        Random random = new Random(seed);
        JsonBytes bytes = new JsonBytes(1);
        for (int i = 0; i < 20_000; i++) {
            String string = string(random);
            long whole = random.nextLong() >> random.nextInt(64);
            double any = Double.longBitsToDouble(random.nextLong());
            double number = Double.isFinite(any) && random.nextBoolean() ? any : random.nextInt(100_000) / 100.0;
            StringWriter wanted = new StringWriter();
            try (JsonGenerator generator = FACTORY.createGenerator(wanted)) {
                generator.writeStartArray();
                generator.writeString(string);
                generator.writeNumber(whole);
                NumberText.write(generator, number);
                generator.writeRawValue(string);
                generator.writeEndArray();
            }
            bytes.clear()
                    .put('[')
                    .string(string)
                    .put(',')
                    .number(whole)
                    .put(',')
                    .number(number);
            bytes.put(',').raw(string).put(']');
            assertThat(bytes).as("seed %d", seed).hasToString(wanted.toString());
        }
        assertThat(bytes.clear().number(Long.MIN_VALUE).put(' ').number(0L)).hasToString("-9223372036854775808 0");
    }

    private static String string(Random random) {
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(12); count > 0; count--) {
            text.appendCodePoint(
                    switch (random.nextInt(5)) {
                        case 0 -> random.nextInt(0x80);
                        case 1 -> 0x80 + random.nextInt(0x780);
                        case 2 -> 0xE000 + random.nextInt(0x1FFE);
                        case 3 -> 0x10000 + random.nextInt(0x100000);
                        default -> 'a' + random.nextInt(26);
                    });
        }
        return text.toString();
    }

    @Test
    void timestampsAreReadAsTheLibraryReadsThemOrNotAtAll() throws IOException {
        long seed = 9;
        Random random = new Random(seed);
        AttributeType type = new AttributeType(1, "t", DataType.TS, true, false, Optional.empty(), Optional.empty());
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            String text = timestamp(random);
            try (JsonParser parser = FACTORY.createParser("\"" + text + "\"")) {
                parser.nextToken();
                Optional<Value> value = ValueParser.read(type, parser);
                read += value.isPresent() ? 1 : 0;
                value.ifPresent(
                        found -> assertThat(found).as("seed %d: %s", seed, text).isEqualTo(byLibrary(text)));
            }
        }
        assertThat(read).as("seed %d", seed).isGreaterThan(20_000);
    }

    private static Object byLibrary(String text) {
        try {
            return Value.TimestampValue.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException none) {
            return none;
        }
    }

    private static String timestamp(Random random) {
        StringBuilder text = new StringBuilder("%04d-%02d-%02dT%02d:%02d:%02d"
                .formatted(
                        random.nextInt(10) == 0 ? random.nextInt(10_000) : 1900 + random.nextInt(200),
                        1 + random.nextInt(12),
                        1 + random.nextInt(random.nextInt(10) == 0 ? 32 : 28),
                        random.nextInt(random.nextInt(20) == 0 ? 26 : 24),
                        random.nextInt(60),
                        random.nextInt(random.nextInt(20) == 0 ? 62 : 60)));
        if (random.nextBoolean()) {
            text.append('.').append("1234567890", 0, random.nextInt(11));
        }
        text.append(
                random.nextBoolean()
                        ? "Z"
                        : "%s%02d:%02d"
                                .formatted(random.nextBoolean() ? "+" : "-", random.nextInt(20), random.nextInt(61)));
        if (random.nextInt(20) == 0) {
            text.setCharAt(random.nextInt(text.length()), (char) (' ' + random.nextInt(90)));
        }
        return text.toString().replace("\"", "x").replace("\\", "x");
    }
}
