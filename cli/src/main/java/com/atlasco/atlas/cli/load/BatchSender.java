package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.FailureException;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.http.ProblemException;
import com.atlasco.atlas.cli.http.UnreachableException;
import com.atlasco.atlas.cli.text.ProblemText;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Sends batches one after another, and again where that is right: what the server is too busy for, and, when the
 * connection breaks, items that name their entity, because merging them twice changes nothing. What follows in the batch
 * about an entity whose item is sent again is sent again too: the last line has to win. Used by one thread.
 */
final class BatchSender {

    /** The answer to an item of which nobody knows whether it was written. */
    private static final int OUTCOME_UNKNOWN = 504;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final HttpApi api;
    private final ImportTally tally;
    private final Checkpoint checkpoint;
    private final Duration patience;
    private final Pause pause;
    /** Entities that a line created which is sent again, because an earlier one of the same entity is. */
    private final Set<Long> createdBefore = new HashSet<>();

    private Optional<String> token = Optional.empty();

    /** Waits for a while. */
    @FunctionalInterface
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    /**
     * A sender.
     *
     * @param checkpoint hears of every row that is stored or refused for good
     * @param patience how long to wait in all, while nothing gets on, for a server that is busy or away
     */
    BatchSender(HttpApi api, ImportTally tally, Checkpoint checkpoint, Duration patience, Pause pause) {
        this.api = api;
        this.tally = tally;
        this.checkpoint = checkpoint;
        this.patience = patience;
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
        Duration waited = Duration.ZERO;
        while (!rest.entries().isEmpty()) {
            Attempt result = attempt(rest);
            boolean gotOn = result.rest().entries().size() < rest.entries().size();
            rest = result.rest();
            if (rest.entries().isEmpty()) {
                return;
            }
            if (gotOn) {
                backOff = FIRST_PAUSE;
                waited = Duration.ZERO;
            }
            Duration pauseNow = backOff;
            Duration wait = result.retryAfter()
                    .filter(asked -> asked.compareTo(pauseNow) > 0)
                    .orElse(pauseNow);
            waited = waited.plus(wait);
            if (waited.compareTo(patience) > 0 || (result.uncertain() && !rest.repeatable())) {
                throw given(up(result, rest), result);
            }
            pause.of(wait);
            backOff = backOff.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : backOff.multipliedBy(2);
        }
    }

    private static FailureException given(String message, Attempt result) {
        return result.failure()
                .map(failure -> new FailureException(message, failure))
                .orElseGet(() -> new FailureException(message));
    }

    private String up(Attempt result, Batch rest) {
        long first = rest.entries().getFirst().line();
        long last = rest.entries().getLast().line();
        String what = "%d entities from lines %d to %d".formatted(rest.entries().size(), first, last);
        if (result.uncertain() && !rest.repeatable()) {
            return "%s. Whether %s were stored is not known; they name no entity_id, so they were not sent again."
                    .formatted(result.reason(), what);
        }
        return "%s. Gave up on %s after %d s.".formatted(result.reason(), what, patience.toSeconds());
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
        Set<Long> waiting = new HashSet<>();
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
                        count(entries.get(index), result, rest, waiting);
                        if (result.path("token").isTextual()) {
                            token = Optional.of(result.path("token").textValue());
                        }
                    })
                    .or(() -> token);
        } catch (UnreachableException broken) {
            reason = Objects.requireNonNullElse(broken.getMessage(), reason);
            failure = Optional.of(broken);
            uncertain = broken.connected();
        } catch (ProblemException problem) {
            if (problem.status() != 503 && problem.status() != 429) {
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

    private void count(Batch.Entry entry, JsonNode result, Batch again, Set<Long> waiting) {
        int status = result.path("status").asInt();
        boolean busy = status == 503 || status == 429;
        boolean behind = entry.repeatable() && waiting.contains(entry.entityId().getAsLong());
        if (busy || behind || (status == OUTCOME_UNKNOWN && entry.repeatable())) {
            again.add(entry);
            entry.entityId().ifPresent(waiting::add);
            if (status == 201) {
                entry.entityId().ifPresent(createdBefore::add);
            }
            return;
        }
        if (stored(entry, status)) {
            checkpoint.stored(entry.row());
        } else {
            tally.refused(entry.line(), ProblemText.headline(result.path("error")));
            checkpoint.refused(entry.row());
        }
    }

    private boolean stored(Batch.Entry entry, int status) {
        boolean good = status >= 200 && status < 300;
        if (status == 201
                || (good
                        && entry.repeatable()
                        && createdBefore.remove(entry.entityId().getAsLong()))) {
            tally.created();
            return true;
        }
        // A conflict over an id that only this import gives is its own work, from before it was interrupted.
        if (good || (status == 409 && entry.idDerived())) {
            tally.updated();
            return true;
        }
        return false;
    }
}
