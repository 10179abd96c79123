package com.atlasco.atlas.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

    private static final List<String> NAMES = List.of("score", "store", "country", "entity_id", "updated_at");

    @ParameterizedTest
    @CsvSource({
        "scroe,score",
        "SCORE,score",
        "scor,score",
        "scores,score",
        "stroe,store",
        "contry,country",
        "entityid,entity_id",
        "update_at,updated_at"
    })
    void findsWhatWasMeant(String written, String meant) {
        assertThat(NearestName.among(NAMES, written)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"zzzzz", "x", "population", "''"})
    void findsNothingWhereNothingIsNear(String written) {
        assertThat(NearestName.among(NAMES, written)).isEmpty();
    }

    @Test
    void decidesTiesByName() {
        assertThat(NearestName.among(List.of("bat", "aat"), "cat")).isEqualTo(Optional.of("aat"));
    }
}
