package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import io.vertx.core.json.DecodeException;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.openapi.validation.ValidatorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the framework refuses, in the words of the contract. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private static final int LONGEST = 500;

    private Failures() {}

    /** What the caller of an operation is told of a failure; what is not the caller's doing is logged. */
    static Problem problem(String operation, Throwable failure) {
        if (failure instanceof AtlasException refused) {
            if (refused.problem().code() == ErrorCode.INTERNAL) {
                LOG.error("{} failed", operation, refused);
            }
            return refused.problem();
        }
        LOG.error("{} failed", operation, failure);
        return Problem.of(ErrorCode.INTERNAL, "this is a mistake of the server, and has been logged");
    }

    static Problem problem(@Nullable Throwable failure, int status) {
        if (failure instanceof AtlasException refused) {
            return refused.problem();
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DecodeException malformed) {
                return Problem.of(ErrorCode.INVALID_JSON, "the body is not JSON: " + abbreviate(malformed))
                        .hint("Send well-formed JSON in UTF-8.");
            }
        }
        // The router wraps what the validator throws.
        if (failure instanceof HttpException wrapped) {
            return wrapped.getCause() instanceof ValidatorException invalid
                    ? validation(invalid)
                    : problem(wrapped.getCause(), wrapped.getStatusCode());
        }
        if (failure instanceof ValidatorException invalid) {
            return validation(invalid);
        }
        return switch (status) {
            case 413 ->
                Problem.of(
                                ErrorCode.PAYLOAD_TOO_LARGE,
                                "the body is larger than %d MiB".formatted(HttpService.MAX_BODY_BYTES >> 20))
                        .hint("Send many entities to POST /api/v1/entities:batch, which takes a body of any length.");
            case 415 ->
                Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "the Content-Type is not taken here")
                        .at("Content-Type")
                        .hint("Send application/json.");
            case 400 ->
                Problem.of(ErrorCode.INVALID_REQUEST, "the request is not well-formed")
                        .hint("Check the percent-encoding of the path and the query.");
            default -> {
                if (failure instanceof IllegalArgumentException malformed) {
                    yield Problem.of(ErrorCode.INVALID_REQUEST, String.valueOf(malformed.getMessage()))
                            .hint("Check the percent-encoding of the path and the query.");
                }
                LOG.error("a request failed with status {}", status, failure);
                yield Problem.of(ErrorCode.INTERNAL, "this is a mistake of the server, and has been logged");
            }
        };
    }

    private static Problem validation(ValidatorException invalid) {
        String message = abbreviate(invalid);
        ErrorCode code = message.contains("decoded") ? ErrorCode.INVALID_JSON : ErrorCode.INVALID_REQUEST;
        return Problem.of(code, message).hint("GET /openapi.yaml describes what is taken here.");
    }

    /** Validators repeat what they were given, however long it is. */
    private static String abbreviate(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...";
    }
}
