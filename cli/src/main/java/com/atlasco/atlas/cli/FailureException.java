package com.atlasco.atlas.cli;

/** The command cannot go on; the message is for people and says what to do. Exit code 1. */
public final class FailureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public FailureException(String message) {
        super(message);
    }

    public FailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
