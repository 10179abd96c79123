package com.atlasco.atlas.server.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityInputTest {

    private static final Registry REGISTRY = Registry.of(
            List.of(new AttributeType(1, "n", DataType.NUMBER, true, false, Optional.empty(), Optional.empty())));

    /** {@code *} stands for much text. */
    private static final String MUCH = "*";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"op\":\"*\"}",
                "{\"op\":[\"*\"]}",
                "{\"*\":1}",
                "{\"entity_id\":\"*\"}",
                "{\"entity_id\":1,\"if_version\":\"*\"}",
                "{\"entity_id\":1,\"idempotency_key\":\"*\"}",
                "{\"entity_id\":1,\"entity_type\":\"*\"}",
                "{\"entity_id\":1,\"entity_type\":{\"a\":\"*\"}}",
                "{\"entity_id\":1,\"attributes\":{\"*\":1}}",
                "{\"entity_id\":1,\"attributes\":{\"n\":\"*\"}}",
                "{\"entity_id\":1,\"attributes\":[\"*\"]}",
                "{\"entity_id\":1,\"attributes\":{\"*\":1,\"*\":2}}",
                "[\"*\"]",
                "\"*\"",
                "*"
            })
    void whatARefusedItemHeldIsNotKept(String item) {
        for (String much : List.of("x".repeat(40_000), "😀".repeat(20_000), "x" + "\\ud83d\\ude00".repeat(4_000))) {
            Problem problem = refused(item.replace(MUCH, much));
            assertThat(problem.detail()).hasSizeLessThan(600);
            assertThat(problem.place().orElse("")).hasSizeLessThan(100);
            assertThat(problem.hint().orElse("")).hasSizeLessThan(600);
            assertThat(answered(problem)).contains("\"detail\"");
        }
    }

    private static Problem refused(String item) {
        byte[] bytes = item.getBytes(StandardCharsets.UTF_8);
        return catchThrowableOfType(AtlasException.class, () -> new ItemReader(REGISTRY).read(bytes, 0, bytes.length))
                .problem();
    }

    private static String answered(Problem problem) {
        return new String(Json.bytes(json -> ProblemJson.write(json, problem)), StandardCharsets.UTF_8);
    }
}
