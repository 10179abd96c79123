package com.atlasco.atlas.capture;

import java.util.Optional;

/** What a failure of the engine means. */
final class Failures {

    private Failures() {}

    /** Why a snapshot is needed, when that is what ended the engine. */
    static Optional<String> snapshotNeeded(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SnapshotNeededException needed) {
                return Optional.of(String.valueOf(needed.getMessage()));
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
