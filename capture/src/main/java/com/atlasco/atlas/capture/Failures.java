package com.atlasco.atlas.capture;

import java.util.Optional;

/** What a failure of the engine means. */
final class Failures {

    private Failures() {}

    /** Why a snapshot is needed, when that is what ended the engine. */
    static Optional<String> snapshotNeeded(Throwable failure) {
        return reason(failure, SnapshotNeededException.class);
    }

    /** In what the server's log differs from what the store has, when that is what ended the engine. */
    static Optional<String> otherHistory(Throwable failure) {
        return reason(failure, OtherHistoryException.class);
    }

    private static Optional<String> reason(Throwable failure, Class<? extends Throwable> wanted) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (wanted.isInstance(cause)) {
                return Optional.of(String.valueOf(cause.getMessage()));
            }
        }
        return Optional.empty();
    }

    /** One line: the innermost message says what happened, the ones around it only that something did. */
    static String describe(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        return message == null ? innermost.getClass().getSimpleName() : message.strip();
    }
}
