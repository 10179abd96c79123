package com.atlasco.atlas.cli.http;

/** Nothing answers at the URL, or the connection broke. */
public final class UnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean connected;

    UnreachableException(String message, boolean connected, Throwable cause) {
        super(message, cause);
        this.connected = connected;
    }

    /** Whether the request may have reached the server, so that what it asked for may have been done. */
    public boolean connected() {
        return connected;
    }
}
