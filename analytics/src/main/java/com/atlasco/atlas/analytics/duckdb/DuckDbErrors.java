package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;

/** What callers are told when DuckDB fails. */
final class DuckDbErrors {

    private DuckDbErrors() {}

    static AtlasException notComplete() {
        return Problem.of(
                        ErrorCode.SOURCE_UNAVAILABLE,
                        "the analytics store cannot be read yet: its first snapshot is not complete")
                .hint("Try again shortly, or ask with X-Fallback-Strategy: primary.")
                .asException();
    }

    static AtlasException noHistory() {
        return Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "the analytics store keeps no history")
                .hint("It is kept by default; its operator has turned it off.")
                .asException();
    }

    static AtlasException closed() {
        return Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "the analytics store is closed")
                .asException();
    }

    static AtlasException inUse(Path file) {
        return Problem.of(
                        ErrorCode.SOURCE_UNAVAILABLE,
                        "the analytics store %s is open already, in this process or another one".formatted(file))
                .hint("Stop the other process, or give this one another data directory.")
                .asException();
    }

    static AtlasException cannotOpen(Path file, Exception cause) {
        return Problem.of(
                        ErrorCode.SOURCE_UNAVAILABLE,
                        "the analytics store %s cannot be opened: %s".formatted(file, firstLine(cause)))
                .hint("See that the directory can be written and the disk is not full; the store can be deleted, it is"
                        + " filled again from the primary.")
                .asException(cause);
    }

    static AtlasException tooSlow(Duration timeout, Exception cause) {
        return Problem.of(
                        ErrorCode.OVERLOADED,
                        "the analytics store did not answer within %d s".formatted(timeout.toSeconds()))
                .hint("Narrow the filter, or try again later.")
                .asException(cause);
    }

    static AtlasException busy(Duration timeout) {
        return Problem.of(
                        ErrorCode.OVERLOADED,
                        "all readers of the analytics store were busy for %d s".formatted(timeout.toSeconds()))
                .hint("Try again later.")
                .asException();
    }

    static AtlasException query(SQLException failure, Duration timeout) {
        if (failure instanceof SQLTimeoutException) {
            return tooSlow(timeout, failure);
        }
        return Problem.of(
                        ErrorCode.SOURCE_UNAVAILABLE,
                        "the analytics store could not answer: %s".formatted(firstLine(failure)))
                .asException(failure);
    }

    static AtlasException write(SQLException failure) {
        return Problem.of(
                        ErrorCode.SOURCE_UNAVAILABLE,
                        "the analytics store could not take a batch: %s".formatted(firstLine(failure)))
                .asException(failure);
    }

    private static String firstLine(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
