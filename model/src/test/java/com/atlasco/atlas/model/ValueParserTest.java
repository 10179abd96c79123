package com.atlasco.atlas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueParserTest {

    @Test
    void readsValuesOfEachType() throws JsonProcessingException {
        assertThat(parse(DataType.NUMBER, "12.5")).isEqualTo(new Value.NumberValue(12.5));
        assertThat(parse(DataType.NUMBER, "-0.0")).isEqualTo(new Value.NumberValue(0));
        assertThat(parse(DataType.NUMBER, "9007199254740994")).isEqualTo(new Value.NumberValue(9007199254740994d));
        assertThat(parse(DataType.TEXT, "\"😀\"")).isEqualTo(new Value.TextValue("😀"));
        assertThat(parse(DataType.BOOL, "false")).isEqualTo(new Value.BoolValue(false));
        assertThat(parse(DataType.TS, "\"2026-01-31T13:00:00.123456789+01:00\""))
                .isEqualTo(Value.TimestampValue.of(Instant.parse("2026-01-31T12:00:00.123456Z")));
        assertThat(parse(DataType.JSON, "{\"b\":[1.0,null],\"a\":\"x\"}"))
                .isEqualTo(new Value.JsonValue("{\"a\":\"x\",\"b\":[1,null]}"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "NUMBER,\"5\",a JSON number",
                "NUMBER,true,a JSON number",
                "NUMBER,[1],a JSON number",
                "TEXT,5,a JSON string",
                "BOOL,\"true\",true or false",
                "BOOL,1,true or false",
                "TS,5,an RFC 3339 timestamp",
                "TS,\"yesterday\",an RFC 3339 timestamp",
                "TS,\"2026-02-30\",an RFC 3339 timestamp",
                "TS,\"2026-01-31T12:00:00\",an RFC 3339 timestamp",
                "TS,\"0000-12-31T23:59:59Z\",an RFC 3339 timestamp",
                "TS,\"+10000-01-01T00:00:00Z\",an RFC 3339 timestamp",
                "NUMBER,1e400,finite",
                "NUMBER,-1e400,finite",
                "NUMBER,9007199254740993,exactly",
                "TEXT,\"a\\u0000b\",a NUL at character 2",
                "TEXT,\"a\\ud800\",the lone surrogate U+D800 at character 2",
                "TEXT,\"\\udc00\\ud800\",the lone surrogate U+DC00",
                "JSON,{\"a\":[\"\\u0000\"]},a NUL",
                "JSON,{\"\\u0000\":1},a NUL",
                "JSON,[9007199254740993],exactly",
                "JSON,[1e400],finite"
            })
    void refusesWithTheAttributeAndWhatIsWanted(DataType type, String json, String wanted) {
        Problem problem = problem(type, json);
        assertThat(problem.code()).isEqualTo(ErrorCode.INVALID_VALUE);
        assertThat(problem.detail()).contains("'a/b~c'", wanted);
        assertThat(problem.place()).contains("/attributes/a~1b~0c");
        assertThat(problem.hint()).isPresent();
    }

    @Test
    void tellsProblemsInTextThatUtf8CanHold() {
        for (int length = 50; length < 60; length++) {
            String detail = problem(DataType.NUMBER, "\"" + "x".repeat(length) + "😀😀😀\\ud800\"")
                    .detail();
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(detail))
                    .as(detail)
                    .isTrue();
        }
        assertThat(problem(DataType.NUMBER, "\"\\ud800\"").detail()).contains("\uFFFD");
    }

    @Test
    void readsDatesAsTheirFirstInstantInUtc() {
        assertThat(ValueParser.timestamp("2026-01-31").instant()).isEqualTo(Instant.parse("2026-01-31T00:00:00Z"));
        assertThat(ValueParser.timestamp("0001-01-01").instant()).isEqualTo(Instant.parse("0001-01-01T00:00:00Z"));
        assertThat(ValueParser.timestamp("9999-12-31T23:59:59.999999Z").instant())
                .isEqualTo(Instant.parse("9999-12-31T23:59:59.999999Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "2026-1-1", "0000-01-01", "2026-01-31T24:00:01Z", "9999-12-31T23:59:59.999999-01:00"})
    void refusesTextThatIsNoInstant(String text) {
        assertThatThrownBy(() -> ValueParser.timestamp(text)).isInstanceOf(DateTimeException.class);
    }

    private static Problem problem(DataType type, String json) {
        return catchThrowableOfType(AtlasException.class, () -> parse(type, json))
                .problem();
    }

    private static Value parse(DataType type, String json) throws JsonProcessingException {
        AttributeType attribute = new AttributeType(1, "a/b~c", type, true, false, Optional.empty(), Optional.empty());
        return ValueParser.parse(attribute, new ObjectMapper().readTree(json));
    }
}
