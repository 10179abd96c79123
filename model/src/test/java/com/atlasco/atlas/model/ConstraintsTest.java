package com.atlasco.atlas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstraintsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "number | {'min': 0, 'max': 10}             | 0, 10, 5.5              | -0.001, 10.001",
                "number | {'enum': [1, 2.5]}                | 1, 1.0, 2.5             | 2, 0",
                "text   | {'enum': ['a', 'b']}              | 'a', 'b'                | 'A', '', 'c'",
                "text   | {'max_length': 3}                 | '', 'abc', '😀😀😀'      | 'abcd', '😀😀😀😀'",
                "text   | {'pattern': '^[A-Z]{2}-[0-9]+$'}  | 'AB-1', 'ZZ-007'        | 'ab-1', 'AB-', 'xAB-1'",
                "text   | {'pattern': 'b+'}                 | 'abc', 'b'              | 'ac', ''",
                "ts     | {'min': '2026-01-01'}             | '2026-01-01T00:00:00Z'  | '2025-12-31T23:59:59.999999Z'",
                "bool   | {'enum': [true]}                  | true                    | false",
                "json   | {'required_for': ['device']}      | {}, [1], 'x'            | ",
            })
    void valuesWithinAreTakenAndOthersRefusedByName(String type, String constraints, String taken, String refused)
            throws JsonProcessingException {
        DataType dataType = DataType.ofWireName(type).orElseThrow();
        AttributeType attribute = constrained(dataType, constraints);
        String constraint = json(constraints).fieldNames().next();
        for (JsonNode value : json("[" + taken + "]")) {
            ValueParser.parse(attribute, value);
        }
        for (JsonNode value : json("[" + (refused == null ? "" : refused) + "]")) {
            assertThatThrownBy(() -> ValueParser.parse(attribute, value))
                    .as("%s", value)
                    .isInstanceOfSatisfying(AtlasException.class, failure -> {
                        assertThat(failure.problem().code()).isEqualTo(ErrorCode.CONSTRAINT_VIOLATED);
                        assertThat(failure.problem().place()).contains("/attributes/an~1attribute");
                        assertThat(failure.problem().detail())
                                .containsAnyOf("constraint " + constraint, "constraint max");
                        assertThat(failure.problem().hint()).isPresent();
                    });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "number | {'min': 2, 'max': 1}                   | /constraints/min",
                "number | {'min': 'low'}                         | /constraints/min",
                "number | {'max_length': 3}                      | /constraints/max_length",
                "number | {'pattern': 'a'}                       | /constraints/pattern",
                "text   | {'min': 'a'}                           | /constraints/min",
                "text   | {'max_length': 0}                      | /constraints/max_length",
                "text   | {'max_length': 1.5}                    | /constraints/max_length",
                "text   | {'pattern': '('}                       | /constraints/pattern",
                "text   | {'pattern': '(?=a)'}                   | /constraints/pattern",
                "text   | {'pattern': '((a{100}){100}){100}'}    | /constraints/pattern",
                "text   | {'pattern': '((a{9}){9}[b]{2000})'}    | /constraints/pattern",
                "text   | {'pattern': '[{]((((a{30}){30}){30}){30}){30}'} | /constraints/pattern",
                "text   | {'pattern': '[]{(]((((a{30}){30}){30}){30}){30}'} | /constraints/pattern",
                "text   | {'pattern': 'a{((((b{30}){30}){30}){30}){30}'} | /constraints/pattern",
                "text   | {'pattern': 'a{30}(?i){30}(?i){30}(?i){30}'} | /constraints/pattern",
                "text   | {'pattern': 7}                         | /constraints/pattern",
                "text   | {'enum': []}                           | /constraints/enum",
                "text   | {'enum': ['a', 1]}                     | /constraints/enum/1",
                "text   | {'enum': ['a', null]}                  | /constraints/enum/1",
                "text   | {'enum': ['a', 'abc'], 'max_length': 2}| /constraints/enum/1",
                "number | {'enum': [1, 20], 'max': 10}           | /constraints/enum/1",
                "json   | {'enum': [1]}                          | /constraints/enum",
                "ts     | {'min': '2026-13-01'}                  | /constraints/min",
                "bool   | {'max': true}                          | /constraints/max",
                "text   | {'required_for': ['a', ' ']}           | /constraints/required_for/1",
                "text   | {'required_for': 'a'}                  | /constraints/required_for",
                "text   | {'maximum': 1}                         | /constraints/maximum",
                "text   | [1]                                    | /constraints",
            })
    void nonsenseIsRefusedAtItsPlace(String type, String constraints, String place) {
        DataType dataType = DataType.ofWireName(type).orElseThrow();
        assertThatThrownBy(() -> ConstraintsCodec.read(dataType, json(constraints)))
                .isInstanceOfSatisfying(AtlasException.class, failure -> {
                    assertThat(failure.problem().code()).isEqualTo(ErrorCode.INVALID_CONSTRAINT);
                    assertThat(failure.problem().place()).contains(place);
                });
    }

    @Test
    void whatIsStoredIsReadAsItWas() throws JsonProcessingException {
        for (String[] each : new String[][] {
            {"number", "{'enum':[1,2.5,1e300],'min':-1,'required_for':['b','a']}"},
            {"text", "{'enum':['x\\n','😀'],'max_length':5,'pattern':'.*'}"},
            {"ts", "{'min':'2026-01-01T00:00:00.000001Z','max':'9999-12-31T00:00:00Z'}"},
            {"bool", "{'enum':[false]}"},
            {"json", "{}"},
        }) {
            DataType dataType = DataType.ofWireName(each[0]).orElseThrow();
            Constraints constraints = ConstraintsCodec.read(dataType, json(each[1].replace("'.*'", "'^'")));
            assertThat(ConstraintsCodec.decode(dataType, ConstraintsCodec.encode(constraints)))
                    .isEqualTo(constraints);
        }
    }

    @Test
    void aPatternTakesLinearTimeAndLongTextIsRefusedUnseen() throws JsonProcessingException {
        AttributeType attribute = constrained(DataType.TEXT, "{'pattern':'^(a+)+$'}");
        String text = "a".repeat(TextPattern.MAX_TEXT_LENGTH - 1) + "b";
        assertThat(Duration.ofNanos(nanos(() ->
                        assertThatThrownBy(() -> ValueParser.parse(attribute, new ObjectMapper().valueToTree(text))))))
                .isLessThan(Duration.ofSeconds(5));
        assertThatThrownBy(() -> ValueParser.parse(attribute, new ObjectMapper().valueToTree("a".repeat(10_001))))
                .hasMessageContaining("at most 10000 characters");
    }

    private static long nanos(Runnable task) {
        long began = System.nanoTime();
        task.run();
        return System.nanoTime() - began;
    }

    private static AttributeType constrained(DataType dataType, String constraints) throws JsonProcessingException {
        return new AttributeType(
                1,
                "an/attribute",
                dataType,
                true,
                false,
                Optional.empty(),
                Optional.empty(),
                ConstraintsCodec.read(dataType, json(constraints)),
                PivotState.READY,
                false);
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
