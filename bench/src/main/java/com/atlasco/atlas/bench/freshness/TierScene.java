package com.atlasco.atlas.bench.freshness;

import java.util.List;

/** Servers, replay, capture and the node itself fail. */
final class TierScene implements Scene {

    @Override
    public String name() {
        return "tiers";
    }

    @Override
    public List<Fault> faults(Servers servers, Stage stage) {
        return new Faults(servers, stage).all();
    }
}
