package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.http.Answer;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.http.ProblemException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Waits until replica and analytics store have caught up with the primary. */
final class CatchUp {

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final long SAY_AFTER = 2_000_000_000L;
    private static final long SAY_EVERY = 5_000_000_000L;

    private final HttpApi api;
    private final Steps steps;
    private final LongSupplier ticker;
    private final Duration patience;

    CatchUp(HttpApi api, Steps steps, LongSupplier ticker, Duration patience) {
        this.api = api;
        this.steps = steps;
        this.ticker = ticker;
        this.patience = patience;
    }

    /**
     * Waits, and says what for when it takes long.
     *
     * @param tokens positions that the analytics store must have reached too
     * @return what is still behind when patience has run out; empty when nothing is
     */
    Optional<String> await(List<String> tokens) throws InterruptedException {
        long began = ticker.getAsLong();
        long sayAt = SAY_AFTER;
        while (true) {
            Optional<String> behind = behind(tokens);
            long waited = ticker.getAsLong() - began;
            if (behind.isEmpty() || waited > patience.toNanos()) {
                return behind;
            }
            if (waited >= sayAt) {
                steps.say("Waiting for " + behind.get());
                sayAt += SAY_EVERY;
            }
            Thread.sleep(PAUSE);
        }
    }

    private Optional<String> behind(List<String> tokens) {
        Answer health = api.getAnyStatus("/health/replication");
        if (health.status() != 200) {
            return Optional.of(components(health.body()));
        }
        return tokens.stream().allMatch(this::reached)
                ? Optional.empty()
                : Optional.of("the analytics store to take over what was written");
    }

    private static String components(JsonNode health) {
        String names = StreamSupport.stream(health.path("components").spliterator(), false)
                .filter(component -> !component.path("status").asText().equals("up"))
                .map(CatchUp::component)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "replication" : names;
    }

    private static String component(JsonNode component) {
        JsonNode lag = component.path("lag_ms");
        String state = component.path("state").asText("");
        return component.path("name").asText()
                + (lag.isNumber() ? " (" + lag.asText() + " ms behind)" : state.isEmpty() ? "" : " (" + state + ")");
    }

    private boolean reached(String token) {
        ObjectNode count = JsonNodeFactory.instance.objectNode();
        count.putArray("metrics").addObject().put("op", "count");
        try {
            Answer answer = api.post(
                    "/api/v1/analytics/aggregate",
                    count,
                    Map.of("X-Consistency-Token", token, "X-Fallback-Strategy", "fail"));
            return answer.header("X-Data-Source").filter("olap"::equals).isPresent();
        } catch (ProblemException notYet) {
            if (notYet.status() == 503) {
                return false;
            }
            throw notYet;
        }
    }
}
