package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.http.HttpConnection;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads without a pause, and holds every answer against what was acknowledged. A violation is an answer that misses a
 * value acknowledged longer before the read began than the bound that the answer claims, a bound that is not below what
 * was asked for, or a value older than the token promises. One thread runs it.
 */
final class Reader implements Runnable {

    private static final long PAUSE_MILLIS = 20;

    private final URI url;
    private final List<Tenant> tenants;
    private final Stage stage;
    private final SplittableRandom random;
    private final Consumer<String> violation;

    /** A tenant, what was written to its counter, and the tokens that were given for it. */
    record Tenant(long id, AckLog log, Tokens tokens) {}

    Reader(URI url, List<Tenant> tenants, Stage stage, SplittableRandom random, Consumer<String> violation) {
        this.url = url;
        this.tenants = tenants;
        this.stage = stage;
        this.random = random;
        this.violation = violation;
    }

    @Override
    public void run() {
        Tenant tenant = tenants.get(random.nextInt(tenants.size()));
        Optional<Tokens.Promise> own = Optional.empty();
        try {
            while (!stage.isOver()) {
                try (HttpConnection connection = HttpConnection.open(url)) {
                    while (!stage.isOver()) {
                        // A session stays with a tenant for a while.
                        if (random.nextInt(50) == 0) {
                            tenant = tenants.get(random.nextInt(tenants.size()));
                            own = Optional.empty();
                        }
                        own = read(connection, tenant, own);
                    }
                } catch (IOException broken) {
                    stage.phase().broken.increment();
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** One read; returns the token for the session's next. */
    private Optional<Tokens.Promise> read(HttpConnection connection, Tenant tenant, Optional<Tokens.Promise> own)
            throws IOException {
        Question question = Question.random(random, tenant.tokens(), own);
        Phase phase = stage.phase();
        byte[] request = question.request(tenant.id());
        long begun = System.nanoTime();
        HttpConnection.Response response = connection.exchange(request);
        boolean served = response.status() == 200 || response.status() == 404;
        // What a change of phase falls into says nothing about either.
        if (stage.phase() == phase) {
            count(phase, question, served);
        }
        if (!served) {
            phase.refused.increment();
            if (response.status() == 400 && response.body().contains("invalid_token")) {
                // The store has another history now, and says so.
                question.promise().ifPresent(tenant.tokens()::forget);
                return Optional.empty();
            }
            if (response.status() != 503 && response.status() != 429) {
                violation.accept("%s was answered %d %s".formatted(question, response.status(), response.body()));
            }
            return own;
        }
        String source = response.header("X-Data-Source").orElse("none");
        long lag = response.header("X-Actual-Lag-Ms").map(Long::parseLong).orElse(-1L);
        long value = Question.value(response.body());
        Phase.Cell cell = phase.cell(question.freshness(), source);
        cell.reads.increment();
        long bound = TimeUnit.MILLISECONDS.toNanos(lag);
        wrong(tenant, question, source, begun, lag, value).ifPresent(what -> {
            cell.violations.increment();
            violation.accept("%s: tenant %d, %s answered %d from %s, at most %d ms stale"
                    .formatted(what, tenant.id(), question, value, source, lag));
        });
        cell.slack.add(TimeUnit.NANOSECONDS.toMillis(bound - tenant.log().stalenessAt(value, begun)));
        return response.header("X-Consistency-Token").map(token -> {
            Tokens.Promise promise = new Tokens.Promise(token, value, "read from " + source);
            if (random.nextInt(20) == 0) {
                tenant.tokens().add(promise, random);
            }
            return promise;
        });
    }

    private static void count(Phase phase, Question question, boolean served) {
        if (question.alwaysServed()) {
            phase.alwaysServedAsked.increment();
            if (served) {
                phase.alwaysServedDone.increment();
            }
        }
        if (question.servedByReplica()) {
            phase.byReplicaAsked.increment();
            if (served) {
                phase.byReplicaDone.increment();
            }
        }
    }

    private static Optional<String> wrong(
            Tenant tenant, Question question, String source, long begun, long lag, long value) {
        if (lag < 0) {
            return Optional.of("no bound");
        }
        if (lag >= question.limitMillis() && !(source.equals("primary") && lag == 0)) {
            return Optional.of("the bound is not below " + question.limitMillis() + " ms");
        }
        if (question.freshness().equals("realtime") && !source.equals("primary")) {
            return Optional.of("realtime from another source");
        }
        if (question.pinned().filter(pinned -> !pinned.equals(source)).isPresent()) {
            return Optional.of("another source than was named");
        }
        long due = tenant.log().valueAt(begun - TimeUnit.MILLISECONDS.toNanos(lag));
        if (value < due) {
            return Optional.of("misses %d, which was acknowledged before".formatted(due));
        }
        if (question.promise().filter(promise -> value < promise.value()).isPresent()) {
            return Optional.of(
                    "older than the token's " + question.promise().get().value());
        }
        return Optional.empty();
    }
}
