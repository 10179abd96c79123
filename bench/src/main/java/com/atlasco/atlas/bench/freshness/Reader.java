package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.http.HttpConnection;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Reads without a pause, and holds every answer against what was acknowledged. One thread runs it. */
final class Reader implements Runnable {

    private static final long PAUSE_MILLIS = 20;

    private final URI url;
    private final List<Subject> subjects;
    private final Stage stage;
    private final SplittableRandom random;
    private final Consumer<String> violation;

    Reader(URI url, List<Subject> subjects, Stage stage, SplittableRandom random, Consumer<String> violation) {
        this.url = url;
        this.subjects = subjects;
        this.stage = stage;
        this.random = random;
        this.violation = violation;
    }

    @Override
    public void run() {
        Subject subject = subjects.get(random.nextInt(subjects.size()));
        Optional<Tokens.Promise> own = Optional.empty();
        try {
            while (!stage.isOver()) {
                try (HttpConnection connection = HttpConnection.open(url)) {
                    while (!stage.isOver()) {
                        // A session stays with a counter for a while.
                        if (random.nextInt(50) == 0) {
                            subject = subjects.get(random.nextInt(subjects.size()));
                            own = Optional.empty();
                        }
                        own = read(connection, subject, own);
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
    private Optional<Tokens.Promise> read(HttpConnection connection, Subject subject, Optional<Tokens.Promise> own)
            throws IOException {
        Question question = Question.random(random, subject.tokens(), own);
        Phase phase = stage.phase();
        byte[] request = question.request(subject);
        long begun = System.nanoTime();
        HttpConnection.Response response = connection.exchange(request);
        boolean served = response.status() == 200 || response.status() == 404;
        // What a change of phase falls into says nothing about either.
        if (stage.phase() == phase) {
            count(phase, question, served);
        }
        if (!served) {
            return refused(phase, subject, question, response) ? own : Optional.empty();
        }
        Answer answer = Answer.of(response, subject.attribute());
        Phase.Cell cell = phase.cell(question.freshness(), answer.source());
        cell.reads.increment();
        answer.wrong(question, subject.log(), begun).ifPresent(what -> {
            cell.violations.increment();
            violation.accept("%s: tenant %d, %s got %s".formatted(what, subject.tenant(), question, answer));
        });
        cell.slack.add(answer.slackMillis(subject.log(), begun));
        if (question.promise().isPresent()) {
            phase.tokensPresented.increment();
        }
        return response.header("X-Consistency-Token").map(token -> {
            Tokens.Promise promise = new Tokens.Promise(token, answer.value(), "read from " + answer.source());
            if (random.nextInt(20) == 0) {
                subject.tokens().add(promise, random);
            }
            return promise;
        });
    }

    /** Returns whether the session's token is still of use. */
    private boolean refused(Phase phase, Subject subject, Question question, HttpConnection.Response response) {
        phase.refused.increment();
        if (response.status() == 400 && response.body().contains("invalid_token")) {
            // The store has another history now, and says so.
            question.promise().ifPresent(subject.tokens()::forget);
            return false;
        }
        if (response.status() != 503 && response.status() != 429) {
            violation.accept("%s was answered %d %s".formatted(question, response.status(), response.body()));
        }
        return true;
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
}
