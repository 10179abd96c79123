package com.atlasco.atlas.bench.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each rule, kept and just broken. */
class AnswerTest {

    private static final long BEGUN = TimeUnit.SECONDS.toNanos(10);
    private static final Optional<String> ANY = Optional.empty();

    private final AckLog log = new AckLog();

    AnswerTest() {
        log.acknowledged(1, 0);
        log.acknowledged(2, BEGUN - TimeUnit.MILLISECONDS.toNanos(400));
    }

    @Test
    void anAnswerMayMissWhatWasAcknowledgedWithinItsBoundAndNothingElse() {
        Question question = question("interactive", 1_000, ANY, Optional.empty());
        assertThat(new Answer("replica", 401, 1).wrong(question, log, BEGUN)).isEmpty();
        assertThat(new Answer("replica", 400, 1).wrong(question, log, BEGUN)).isPresent();
        assertThat(new Answer("replica", 399, 1).wrong(question, log, BEGUN)).isPresent();
        assertThat(new Answer("replica", 399, 2).wrong(question, log, BEGUN)).isEmpty();
        assertThat(new Answer("primary", 0, 1).wrong(question, log, BEGUN)).isPresent();
        assertThat(new Answer("primary", 0, 3).wrong(question, log, BEGUN))
                .as("what is not acknowledged yet")
                .isEmpty();
    }

    @Test
    void theBoundHasToBeBelowWhatWasAskedFor() {
        Question question = question("interactive", 1_000, ANY, Optional.empty());
        assertThat(new Answer("replica", 999, 2).wrong(question, log, BEGUN)).isEmpty();
        assertThat(new Answer("replica", 1_000, 2).wrong(question, log, BEGUN)).isPresent();
        Question none = question("interactive", 0, ANY, Optional.empty());
        assertThat(new Answer("primary", 0, 2).wrong(none, log, BEGUN)).isEmpty();
        assertThat(new Answer("replica", 0, 2).wrong(none, log, BEGUN)).isPresent();
    }

    @Test
    void anAnswerWithoutABoundPromisesNothingAndIsWrong() {
        assertThat(new Answer("replica", -1, 2).wrong(question("batch", 1_000, ANY, Optional.empty()), log, BEGUN))
                .contains("no bound");
    }

    @Test
    void realtimeComesFromThePrimary() {
        Question question = question("realtime", 100, ANY, Optional.empty());
        assertThat(new Answer("primary", 0, 2).wrong(question, log, BEGUN)).isEmpty();
        assertThat(new Answer("replica", 50, 2).wrong(question, log, BEGUN)).isPresent();
    }

    @Test
    void aNamedSourceIsTheOneThatAnswers() {
        Question question = question("batch", 3_600_000, Optional.of("olap"), Optional.empty());
        assertThat(new Answer("olap", 500, 2).wrong(question, log, BEGUN)).isEmpty();
        assertThat(new Answer("primary", 0, 2).wrong(question, log, BEGUN)).isPresent();
    }

    @Test
    void aTokenIsKeptHoweverWideTheBound() {
        Question question = question("batch", 3_600_000, ANY, Optional.of(new Tokens.Promise("token", 2, "write")));
        assertThat(new Answer("replica", 500, 2).wrong(question, log, BEGUN)).isEmpty();
        assertThat(new Answer("replica", 500, 1).wrong(question, log, BEGUN)).isPresent();
    }

    @Test
    void slackIsWhatTheBoundExceedsTheTruthBy() {
        assertThat(new Answer("replica", 450, 1).slackMillis(log, BEGUN)).isEqualTo(50);
        assertThat(new Answer("replica", 450, 2).slackMillis(log, BEGUN)).isEqualTo(450);
        assertThat(new Answer("replica", 390, 1).slackMillis(log, BEGUN)).isEqualTo(-10);
    }

    private static Question question(
            String freshness, long limitMillis, Optional<String> pinned, Optional<Tokens.Promise> promise) {
        return new Question(freshness, Question.Shape.POINT, limitMillis, "primary", pinned, promise);
    }
}
