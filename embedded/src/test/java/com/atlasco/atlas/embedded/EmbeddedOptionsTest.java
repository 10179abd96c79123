package com.atlasco.atlas.embedded;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EmbeddedOptionsTest {

    @Test
    void withoutAReplicaNothingCanWaitForIt() {
        assertThatThrownBy(() -> new EmbeddedOptions(Path.of("data"), line -> {}, Map.of(), true, 0))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("without synchronous replication");
    }
}
