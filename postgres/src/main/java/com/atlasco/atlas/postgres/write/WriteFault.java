package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * A failure of a transaction that one of its writes is to blame for, and not the state of the database or the network.
 *
 * @param problem what the caller of that write is told
 */
record WriteFault(Problem problem) {

    /** Data exceptions, violated constraints, and program limits. */
    private static final Set<String> INPUT_CLASSES = Set.of("22", "23", "54");

    /** "Internal error": among others what an allocation beyond 1 GB is reported as. */
    private static final String INTERNAL_CLASS = "XX";

    /** The fault, or empty when every other write would have failed as well. */
    static Optional<WriteFault> of(RuntimeException failure) {
        if (!(failure instanceof AtlasException known)) {
            // Such as a stored document that cannot be read: of one entity, and no fault of its neighbours.
            return Optional.of(new WriteFault(internal()));
        }
        if (!(failure.getCause() instanceof SQLException cause)
                || known.problem().code() == ErrorCode.OUTCOME_UNKNOWN) {
            return Optional.empty();
        }
        String state = Optional.ofNullable(cause.getSQLState()).orElse("");
        String stateClass = state.length() < 2 ? "" : state.substring(0, 2);
        if (INPUT_CLASSES.contains(stateClass)) {
            return Optional.of(new WriteFault(Problem.of(
                            ErrorCode.INVALID_VALUE,
                            "the database does not take a value of this write (SQLSTATE %s)".formatted(state))
                    .at("/attributes")
                    .hint("Texts are valid Unicode without U+0000, numbers finite, timestamps of the years 0001 to"
                            + " 9999, ids positive, and JSON at most 200 levels deep.")));
        }
        return stateClass.equals(INTERNAL_CLASS) ? Optional.of(new WriteFault(internal())) : Optional.empty();
    }

    private static Problem internal() {
        return Problem.of(ErrorCode.INTERNAL, "this write meets a mistake of the server, which has been logged");
    }
}
