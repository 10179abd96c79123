package com.atlasco.atlas.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.model.Lsn;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamPlaceTest {

    @Test
    void aPlaceIsReadAsItWasWritten() {
        StreamPlace place = new StreamPlace(
                Lsn.parse("A/B0C"), Optional.of(new StreamPlace.Transaction(4_294_967_295L, 1_764_000_000_123_456L)));
        assertThat(place).hasToString("A/B0C 4294967295 1764000000123456");
        assertThat(StreamPlace.parse(place.toString())).isEqualTo(place);
    }

    @Test
    void aBoundaryAloneIsAPlaceToo() {
        assertThat(StreamPlace.parse("0/3E8")).isEqualTo(new StreamPlace(new Lsn(1_000), Optional.empty()));
        assertThat(new StreamPlace(new Lsn(1_000), Optional.empty())).hasToString("0/3E8");
    }

    @Test
    void anythingElseIsAnError() {
        for (String text : new String[] {"", "0/3E8 7", "0/3E8 7 8 9", "0/3E8 seven 8", "1000"}) {
            assertThatThrownBy(() -> StreamPlace.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
