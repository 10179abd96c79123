package com.atlasco.atlas.cli;

/** The command line asks for something that cannot be done as it stands; exit code 2. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The message says what is wrong and what to write instead. */
    public UsageException(String message) {
        super(message);
    }
}
