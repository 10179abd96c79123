package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.FailureException;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.http.ProblemException;
import com.atlasco.atlas.cli.http.UnreachableException;
import com.atlasco.atlas.cli.text.ProblemText;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Sends batches one after another, and again where that is right: what the server is too busy for, and, when the
 * connection breaks, items that name their entity, because merging them twice changes nothing. Used by one thread.
 */
final class BatchSender {

    /** The answer to an item of which nobody knows whether it was written. */
    private static final int OUTCOME_UNKNOWN = 504;

    private static final int TOO_BUSY = 503;
    private static final int TOO_FAST = 429;

    private static final int ATTEMPTS = 8;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final HttpApi api;
    private final ImportTally tally;
    private final Pause pause;
    private Optional<String> token = Optional.empty();

    /** Waits for a while. */
    @FunctionalInterface
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    BatchSender(HttpApi api, ImportTally tally, Pause pause) {
        this.api = api;
        this.tally = tally;
        this.pause = pause;
    }

    /** The position of the last batch, when the server gave one. */
    Optional<String> token() {
        return token;
    }

    /**
     * Sends a batch, and counts what became of its items.
     *
     * @throws FailureException when the server stays too busy, or the connection breaks while items are under way that
     *     must not be sent twice
     * @throws ProblemException when the server refuses the batch as a whole
     */
    void send(Batch batch) throws InterruptedException {
        Batch rest = batch;
        Duration backOff = FIRST_PAUSE;
        for (int attempt = 1; !rest.entries().isEmpty(); attempt++) {
            Attempt result = attempt(rest);
            rest = result.rest();
            if (rest.entries().isEmpty()) {
                return;
            }
            if (attempt == ATTEMPTS || (result.uncertain() && !rest.repeatable())) {
                throw given(up(result, rest), result);
            }
            Duration wait = result.retryAfter().orElse(backOff);
            pause.of(wait.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait);
            backOff = backOff.multipliedBy(2);
        }
    }

    private static FailureException given(String message, Attempt result) {
        return result.failure()
                .map(failure -> new FailureException(message, failure))
                .orElseGet(() -> new FailureException(message));
    }

    private static String up(Attempt result, Batch rest) {
        long first = rest.entries().getFirst().line();
        long last = rest.entries().getLast().line();
        String what = "%d entities from lines %d to %d".formatted(rest.entries().size(), first, last);
        if (result.uncertain() && !rest.repeatable()) {
            return "%s. Whether %s were stored is not known; they name no entity_id, so they were not sent again."
                    .formatted(result.reason(), what);
        }
        return "%s. Gave up on %s after %d attempts.".formatted(result.reason(), what, ATTEMPTS);
    }

    /**
     * What one request came to.
     *
     * @param rest what has no final answer
     * @param uncertain whether some of the rest may have been stored
     */
    private record Attempt(
            Batch rest,
            boolean uncertain,
            String reason,
            Optional<Duration> retryAfter,
            Optional<RuntimeException> failure) {}

    private Attempt attempt(Batch batch) {
        List<Batch.Entry> entries = batch.entries();
        Batch rest = new Batch();
        int[] answered = {0};
        String reason = "the server ended its answer early";
        Optional<Duration> retryAfter = Optional.empty();
        Optional<RuntimeException> failure = Optional.empty();
        boolean uncertain = true;
        try {
            token = api.writeBatch(batch.ndjson(), result -> {
                        int index = result.path("index").asInt(answered[0]);
                        if (index != answered[0] || index >= entries.size()) {
                            throw new FailureException("The server answered for item %d where item %d was due."
                                    .formatted(index, answered[0]));
                        }
                        answered[0]++;
                        count(entries.get(index), result, rest);
                    })
                    .or(() -> token);
        } catch (UnreachableException broken) {
            reason = Objects.requireNonNullElse(broken.getMessage(), reason);
            failure = Optional.of(broken);
            uncertain = broken.connected();
        } catch (ProblemException problem) {
            if (problem.status() != TOO_BUSY && problem.status() != TOO_FAST) {
                throw problem;
            }
            reason = ProblemText.headline(problem.problem());
            retryAfter = problem.retryAfter();
            failure = Optional.of(problem);
            uncertain = false;
        }
        boolean complete = answered[0] == entries.size();
        entries.subList(answered[0], entries.size()).forEach(rest::add);
        return new Attempt(
                rest, uncertain && !complete, complete ? "the server is too busy" : reason, retryAfter, failure);
    }

    private void count(Batch.Entry entry, JsonNode result, Batch again) {
        int status = result.path("status").asInt();
        if (status == TOO_BUSY || status == TOO_FAST || (status == OUTCOME_UNKNOWN && entry.repeatable())) {
            again.add(entry);
        } else if (status == 201) {
            tally.created();
        } else if (status >= 200 && status < 300) {
            tally.updated();
        } else {
            tally.refused(entry.line(), ProblemText.headline(result.path("error")));
        }
    }
}
