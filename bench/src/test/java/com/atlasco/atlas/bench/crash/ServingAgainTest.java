package com.atlasco.atlas.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ServingAgainTest {

    @Test
    void tellsWhatWasAdded() {
        ServingAgain times = new ServingAgain();
        assertThat(times.figures()).isEmpty();
        times.add(4_000);
        times.add(1_000);
        times.add(3_000);
        assertThat(times.figures())
                .containsEntry("serving_again_mean_ms", 2_667L)
                .containsEntry("serving_again_p50_ms", 3_000L)
                .containsEntry("serving_again_max_ms", 4_000L);
    }

    @Test
    void onlyKillsOfTheReplicaLetWritesGoOn() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        Map<Victim, Integer> victims = new EnumMap<>(Victim.class);
        for (int i = 0; i < 10_000; i++) {
            victims.merge(Victim.ofPostgres(random), 1, Integer::sum);
        }
        assertThat(victims.keySet()).as("seed %d", seed).hasSize(3);
        assertThat(victims.keySet().stream().filter(victim -> !victim.stopsWrites()))
                .containsExactly(Victim.POSTMASTER_OF_REPLICA);
        assertThat(victims.get(Victim.POSTMASTER_OF_REPLICA)).isBetween(1_300, 1_700);
    }
}
