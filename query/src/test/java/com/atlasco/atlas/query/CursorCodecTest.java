package com.atlasco.atlas.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.cql2.RandomFilters;
import com.atlasco.atlas.query.cql2.TestRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorCodecTest {

    private static final long SEED = 12;
    private static final SortKey BY_SCORE = new SortKey(TestRegistry.property(TestRegistry.SCORE), false);
    private static final String FINGERPRINT = CursorCodec.fingerprint(new TenantId(1), "score > 5", List.of(BY_SCORE));

    @Test
    void readsBackWhatItWrote() {
        Random random = new Random(SEED);
        RandomFilters values = new RandomFilters(random);
        for (int i = 0; i < 2_000; i++) {
            List<AttributeType> types = new ArrayList<>(
                    List.of(TestRegistry.SCORE, TestRegistry.COUNTRY, TestRegistry.CANCELLED, TestRegistry.STARTS_AT));
            Collections.shuffle(types, random);
            List<SortKey> sort = new ArrayList<>();
            List<Optional<Value>> its = new ArrayList<>();
            for (AttributeType type : types.subList(0, random.nextInt(5))) {
                sort.add(new SortKey(TestRegistry.property(type), random.nextBoolean()));
                its.add(random.nextInt(4) == 0 ? Optional.empty() : Optional.of(values.value(type)));
            }
            Cursor cursor = new Cursor(its, random.nextLong());
            String text = CursorCodec.encode(cursor, FINGERPRINT);
            assertThat(text).matches("[A-Za-z0-9_-]+");
            assertThat(CursorCodec.decode(text, FINGERPRINT, sort))
                    .as("seed %d", SEED)
                    .isEqualTo(cursor);
        }
    }

    @Test
    void refusesEveryDamage() {
        Cursor cursor = new Cursor(List.of(Optional.of(new Value.TextValue("Straße"))), 42);
        String text = CursorCodec.encode(cursor, FINGERPRINT);
        for (int i = 0; i < text.length(); i++) {
            refused(text.substring(0, i), FINGERPRINT);
            String changed = text.substring(0, i) + (text.charAt(i) == 'A' ? 'B' : 'A') + text.substring(i + 1);
            if (i < text.length() - 1) {
                refused(changed, FINGERPRINT);
            }
        }
        refused(text + text, FINGERPRINT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", "null", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "ä", "==", "%20", "\0"})
    void refusesWhatIsNoCursor(String text) {
        refused(text, FINGERPRINT);
    }

    @Test
    void refusesACursorOfAnotherQuery() {
        String text = CursorCodec.encode(new Cursor(List.of(Optional.empty()), 42), FINGERPRINT);
        SortKey descending = new SortKey(BY_SCORE.property(), true);
        SortKey byId = new SortKey(com.atlasco.atlas.query.filter.Property.Intrinsic.ENTITY_ID, false);
        List<String> others = List.of(
                CursorCodec.fingerprint(new TenantId(2), "score > 5", List.of(BY_SCORE)),
                CursorCodec.fingerprint(new TenantId(1), "score > 6", List.of(BY_SCORE)),
                CursorCodec.fingerprint(new TenantId(1), "score > 5", List.of(descending)),
                CursorCodec.fingerprint(new TenantId(1), "score > 5", List.of(BY_SCORE, byId)),
                CursorCodec.fingerprint(new TenantId(1), "score > 5", List.of(byId)),
                CursorCodec.fingerprint(new TenantId(1), "score > 5", List.of()));
        assertThat(Set.copyOf(others)).hasSize(6).doesNotContain(FINGERPRINT);
        assertThat(others.stream()
                        .map(other -> refused(text, other).problem().detail())
                        .collect(Collectors.toSet()))
                .containsExactly("the cursor belongs to another query");
    }

    @Test
    void refusesValuesThatAreNotThoseOfTheSort() {
        List<List<Optional<Value>>> forged = List.of(
                List.of(),
                List.of(Optional.of(new Value.TextValue("5"))),
                List.of(Optional.of(new Value.NumberValue(5)), Optional.empty()));
        for (List<Optional<Value>> values : forged) {
            refused(CursorCodec.encode(new Cursor(values, 42), FINGERPRINT), FINGERPRINT);
        }
    }

    @Test
    void takesNoJson() {
        Cursor json = new Cursor(List.of(Optional.of(new Value.JsonValue("[1]"))), 42);
        assertThatThrownBy(() -> CursorCodec.encode(json, FINGERPRINT)).isInstanceOf(IllegalArgumentException.class);
    }

    private static AtlasException refused(String text, String fingerprint) {
        AtlasException refused = catchThrowableOfType(
                AtlasException.class, () -> CursorCodec.decode(text, fingerprint, List.of(BY_SCORE)));
        assertThat(refused).as(text).isNotNull();
        assertThat(refused.problem().code()).isEqualTo(ErrorCode.INVALID_CURSOR);
        assertThat(refused.problem().hint()).isPresent();
        return refused;
    }
}
