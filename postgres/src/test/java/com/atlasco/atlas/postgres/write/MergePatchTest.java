package com.atlasco.atlas.postgres.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.model.Value.JsonValue;
import com.atlasco.atlas.model.Value.TextValue;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {

    /** The cases of RFC 7396, appendix A, whose patch is an object. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a":"b"}             | {"a":"c"}                  | {"a":"c"}
                    {"a":"b"}             | {"b":"c"}                  | {"a":"b","b":"c"}
                    {"a":"b"}             | {"a":null}                 | {}
                    {"a":"b","b":"c"}     | {"a":null}                 | {"b":"c"}
                    {"a":["b"]}           | {"a":"c"}                  | {"a":"c"}
                    {"a":"c"}             | {"a":["b"]}                | {"a":["b"]}
                    {"a":{"b":"c"}}       | {"a":{"b":"d","c":null}}   | {"a":{"b":"d"}}
                    {"a":[{"b":"c"}]}     | {"a":[1]}                  | {"a":[1]}
                    {"e":null}            | {"a":1}                    | {"a":1,"e":null}
                    [1,2]                 | {"a":"b","c":null}         | {"a":"b"}
                    {}                    | {"a":{"bb":{"ccc":null}}}  | {"a":{"bb":{}}}
                    """)
    void objectsAreMerged(String stored, String patch, String expected) {
        assertThat(MergePatch.apply(Optional.of(new JsonValue(stored)), new JsonValue(patch)))
                .isEqualTo(new JsonValue(expected));
    }

    @Test
    void everythingElseIsReplaced() {
        Value stored = new JsonValue("{\"a\":1}");
        assertThat(MergePatch.apply(Optional.of(stored), new JsonValue("[1]"))).isEqualTo(new JsonValue("[1]"));
        assertThat(MergePatch.apply(Optional.of(new TextValue("a")), new TextValue("b")))
                .isEqualTo(new TextValue("b"));
    }

    @Test
    void aPatchOfWhatIsMissingIsAppliedToNothing() {
        assertThat(MergePatch.apply(Optional.empty(), new JsonValue("{\"a\":{\"b\":null,\"c\":1}}")))
                .isEqualTo(new JsonValue("{\"a\":{\"c\":1}}"));
    }
}
