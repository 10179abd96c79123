package com.atlasco.atlas.capture;

/** The server's log has another transaction where the last one in the store should be. */
final class OtherHistoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OtherHistoryException(String reason) {
        super(reason);
    }
}
