package com.atlasco.atlas.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.model.AtlasException;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {

    @Test
    void readsAListWithBlanksAndWeakTags() {
        assertThat(EntityTag.list("If-Match", " \"7\" ,\tW/\"a,b\", \"\""))
                .containsExactly(new EntityTag(false, "7"), new EntityTag(true, "a,b"), new EntityTag(false, ""));
        assertThat(EntityTag.list("If-Match", "\"12\"").getFirst().version()).contains(12L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "7", "\"7", "\"7\",", ",\"7\"", "\"7\" \"8\"", "w/\"7\"", "W/ \"7\"", "\"7\"\n"})
    void refusesWhatIsNoList(String text) {
        assertThatThrownBy(() -> EntityTag.list("If-Match", text)).isInstanceOf(AtlasException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {16_000, 250_000})
    void refusesALongHeaderAsFastAsItIsRead(int blanks) {
        for (String text : new String[] {
            "\"a\"," + " ".repeat(blanks) + "x", "\"a\"" + "\t".repeat(blanks) + "x", "\"" + "a".repeat(blanks),
        }) {
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(5),
                    () -> assertThatThrownBy(() -> EntityTag.list("If-Match", text))
                            .isInstanceOf(AtlasException.class));
        }
    }
}
