package com.atlasco.atlas.server.verify;

/** A source did not come as far as it would have to be compared. */
final class NotReachedException extends Exception {

    private static final long serialVersionUID = 1L;

    NotReachedException(String message) {
        super(message);
    }
}
