package com.atlasco.atlas.bench.freshness;

import java.util.List;

/**
 * Two replicas, one of which fails or takes over while the other serves. Commits wait for one of them: otherwise a promotion
 * may lose what was acknowledged. For the same reason the primary is killed before: as long as it lives, the other replica may
 * confirm what the promoted one lacks.
 */
final class ReplicasScene implements Scene {

    @Override
    public String name() {
        return "replicas";
    }

    @Override
    public List<String> options() {
        return List.of("--replicas", "2", "--synchronous");
    }

    @Override
    public List<Fault> faults(Servers servers, Stage stage) {
        return List.of(
                new Fault(
                        "one_of_two_paused",
                        () -> servers.run("replica", "SELECT pg_wal_replay_pause()"),
                        () -> servers.run("replica", "SELECT pg_wal_replay_resume()"),
                        "replica",
                        2_000,
                        false,
                        true),
                new Fault(
                        "one_of_two_killed",
                        () -> servers.atlas().killServer("replica"),
                        () -> {},
                        "replica",
                        300,
                        false,
                        true),
                new Fault(
                        "one_of_two_promoted",
                        () -> {
                            servers.atlas().killServer("primary");
                            FailoverScene.promote(servers);
                        },
                        () -> {
                            servers.atlas().stop();
                            servers.launch();
                        },
                        "primary",
                        Fault.BITES_BY_ITSELF,
                        false,
                        true));
    }
}
