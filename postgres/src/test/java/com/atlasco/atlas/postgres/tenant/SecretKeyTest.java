package com.atlasco.atlas.postgres.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SecretKeyTest {

    @Test
    void aKeyIsRecognisedAndNoTypoIs() {
        long seed = System.nanoTime();
        SecretKey key = SecretKey.create(new Random(seed));
        assertThat(SecretKey.parse(key.text())).as("seed %d", seed).contains(key);
        for (int place = 0; place < key.text().length(); place++) {
            char typo = key.text().charAt(place) == 'x' ? 'y' : 'x';
            String mistyped = key.text().substring(0, place) + typo + key.text().substring(place + 1);
            assertThat(SecretKey.parse(mistyped)).as(mistyped).isEmpty();
        }
        assertThat(SecretKey.parse("")).isEmpty();
        assertThat(SecretKey.parse(key.text() + "0")).isEmpty();
        assertThat(SecretKey.parse(key.text().substring(1))).isEmpty();
    }

    @Test
    void whatIsPrintedHoldsNoSecret() {
        SecretKey key = SecretKey.create(new Random(1));
        assertThat(key).hasToString(SecretKey.PREFIX + key.id());
        assertThat(key.text()).startsWith(key.toString()).hasSize(59);
    }
}
