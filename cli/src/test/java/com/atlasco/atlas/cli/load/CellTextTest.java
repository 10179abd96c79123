package com.atlasco.atlas.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.DataType;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "12|NUMBER",
                "-1.5e3|NUMBER",
                "+4|NUMBER",
                "9007199254740993|TEXT",
                "9007199254740992|NUMBER",
                "1e999|TEXT",
                "007|TEXT",
                "0.5|NUMBER",
                "NaN|TEXT",
                "true|BOOL",
                "False|BOOL",
                "2020-02-30|TEXT",
                "2020-02-29|TS",
                "2020-02-29T10:00:00+01:00|TS",
                "2020-02-29T10:00:00|TEXT",
                "[1,2]|JSON",
                "[1,2|TEXT",
                "x|TEXT"
            })
    void theMostSpecificTypeOfACell(String cell, DataType type) {
        ColumnProfile profile = new ColumnProfile();
        profile.observe(JsonNodeFactory.instance.textNode(cell), true);

        assertThat(profile.type()).contains(type);
    }

    @Test
    void aColumnIsWhatAllItsCellsAre() {
        ColumnProfile profile = new ColumnProfile();
        assertThat(profile.type()).isEmpty();

        profile.observe(JsonNodeFactory.instance.textNode("12"), true);
        assertThat(profile.holdsEntityIds()).isTrue();

        profile.observe(JsonNodeFactory.instance.textNode("true"), true);
        assertThat(profile.type()).contains(DataType.TEXT);
        assertThat(profile.holdsEntityIds()).isFalse();
    }

    @Test
    void numbersKeepTheirValue() {
        assertThat(CellText.as(DataType.NUMBER, "100").map(Object::toString)).contains("100");
        assertThat(CellText.as(DataType.NUMBER, "0.1").map(Object::toString)).contains("0.1");
        assertThat(CellText.as(DataType.NUMBER, "1e3").map(Object::toString)).contains("1000");
        assertThat(CellText.as(DataType.NUMBER, "0x10")).isEqualTo(Optional.empty());
    }
}
