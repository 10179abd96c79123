package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ConsistencyTokenTest {

    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \n\u0000é€\uD83D\uDE00";

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void theFormOnTheWireIsStable() {
        ConsistencyToken token =
                new ConsistencyToken(new Position(7_391_000_000_000_000_001L, 3, Lsn.parse("16/B374D848")));
        assertThat(token.encode())
                .isEqualTo("AWaSG1c-6YABAAAAAwAAABazdNhIz7YnkA")
                .hasSizeLessThanOrEqualTo(48);
        assertThat(ConsistencyToken.decode(token.encode())).isEqualTo(token);
    }

    @Test
    void aTokenOfThePrimaryHasAVersionOfItsOwn() {
        Position position = new Position(7_391_000_000_000_000_001L, 3, Lsn.parse("16/B374D848"));
        String shown = new ConsistencyToken(position, true).encode();
        assertThat(shown).hasSize(34).isNotEqualTo(new ConsistencyToken(position).encode());
        assertThat(ConsistencyToken.decode(shown).shownByPrimary()).isTrue();
        assertThat(ConsistencyToken.decode(new ConsistencyToken(position).encode())
                        .shownByPrimary())
                .isFalse();
    }

    @Test
    void everyPositionComesBack() {
        for (int i = 0; i < 10_000; i++) {
            ConsistencyToken token = random();
            assertThat(ConsistencyToken.decode(token.encode()))
                    .as("seed %d", seed)
                    .isEqualTo(token);
        }
    }

    @Test
    void aTokenWithAnyCharacterChangedIsRefused() {
        for (int i = 0; i < 20_000; i++) {
            String text = random().encode();
            int place = random.nextInt(text.length());
            char other = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            if (text.charAt(place) != other) {
                assertRefused(text.substring(0, place) + other + text.substring(place + 1));
            }
        }
    }

    @Test
    void garbageIsRefusedAndNothingElseIsThrown() {
        assertRefused("");
        assertRefused("A".repeat(100_000));
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(60);
            for (int j = 0; j < length; j++) {
                text.append(
                        random.nextInt(20) == 0
                                ? (char) random.nextInt(65_536)
                                : ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            assertRefused(text.toString());
        }
        for (int i = 0; i < 1_000; i++) {
            String text = random().encode();
            assertRefused(text.substring(0, random.nextInt(text.length())));
            assertRefused(text + text);
            assertRefused(text + "=");
        }
    }

    @Test
    void aTokenOfNoTimelineIsRefusedHoweverWellFormed() {
        for (int timeline : new int[] {0, -1}) {
            assertRefused(new ConsistencyToken(new Position(7, timeline, new Lsn(100))).encode());
        }
    }

    private ConsistencyToken random() {
        return new ConsistencyToken(
                new Position(random.nextLong(), 1 + random.nextInt(Integer.MAX_VALUE), new Lsn(random.nextLong())),
                random.nextBoolean());
    }

    private void assertRefused(String text) {
        assertThatThrownBy(() -> ConsistencyToken.decode(text))
                .as("seed %d, <%s>", seed, text)
                .asInstanceOf(InstanceOfAssertFactories.type(AtlasException.class))
                .satisfies(refusal -> {
                    assertThat(refusal.problem().code()).isEqualTo(ErrorCode.INVALID_TOKEN);
                    assertThat(refusal.problem().place()).contains("X-Consistency-Token");
                    assertThat(refusal.problem().hint()).isPresent();
                });
    }
}
