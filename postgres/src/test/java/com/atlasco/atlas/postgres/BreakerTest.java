package com.atlasco.atlas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.postgres.Breaker.Verdict;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private final Breaker breaker = new Breaker();

    @Test
    void everybodyPassesAtFirst() {
        assertThat(breaker.enter()).isEqualTo(Verdict.PASS);
        assertThat(breaker.enter()).isEqualTo(Verdict.PASS);
    }

    @Test
    void afterOneWaitedInVainOneAtATimeTries() {
        breaker.unanswered(0);
        assertThat(breaker.enter()).isEqualTo(Verdict.TRY);
        assertThat(breaker.enter()).isEqualTo(Verdict.REFUSED);
        breaker.tried();
        assertThat(breaker.enter()).isEqualTo(Verdict.TRY);
    }

    @Test
    void anAnswerLetsEverybodyIn() {
        breaker.unanswered(0);
        breaker.answered(10);
        assertThat(breaker.enter()).isEqualTo(Verdict.PASS);
    }

    @Test
    void whoWaitedForALockWhileOthersWereAnsweredAccusesNobody() {
        breaker.answered(10);
        breaker.unanswered(5);
        assertThat(breaker.enter()).isEqualTo(Verdict.PASS);
        breaker.unanswered(11);
        assertThat(breaker.enter()).isEqualTo(Verdict.TRY);
    }
}
