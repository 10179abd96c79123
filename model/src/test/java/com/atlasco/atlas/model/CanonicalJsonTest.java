package com.atlasco.atlas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ \"b\" : 1 , \"a\" : [ 2.0 , -0.0, 1e2 ] } | {\"a\":[2,0,100],\"b\":1}", "1.50 | 1.5",
                        "1e300 | 1.0E300",
                "\"\\u00e9\\n\" | \"é\\n\"", "[null,true,false] | [null,true,false]", "{\"a\":1,\"a\":2} | {\"a\":2}"
            })
    void writesOneTextPerValue(String json, String canonical) {
        assertThat(CanonicalJson.of(json)).isEqualTo(canonical);
        assertThat(CanonicalJson.of(canonical)).isEqualTo(canonical);
    }

    @Test
    void sortsKeysByCodePoint() {
        assertThat(CanonicalJson.of("{\"😀\":1,\"\uFFFD\":2,\"a\":3,\"\":4}"))
                .isEqualTo("{\"\":4,\"a\":3,\"\uFFFD\":2,\"😀\":1}");
    }

    @Test
    void refusesWhatIsNotJson() {
        assertThatThrownBy(() -> CanonicalJson.of("{")).isInstanceOf(IllegalArgumentException.class);
    }
}
