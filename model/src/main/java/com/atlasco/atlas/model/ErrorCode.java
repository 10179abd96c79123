package com.atlasco.atlas.model;

import java.util.Locale;

/** Every kind of failure a caller can meet, with its HTTP status. */
public enum ErrorCode {
    INVALID_REQUEST(400),
    INVALID_JSON(400),
    INVALID_HEADER(400),
    INVALID_VALUE(400),
    INVALID_NAME(400),
    INVALID_CONSTRAINT(400),
    CONSTRAINT_VIOLATED(400),
    INVALID_CURSOR(400),
    INVALID_TOKEN(400),
    FILTER_SYNTAX(400),
    FILTER_TYPE(400),
    FILTER_UNSUPPORTED(400),
    FILTER_TOO_LARGE(400),
    /** The indexes lead to too many rows for an operational query. */
    FILTER_TOO_COSTLY(400),
    UNKNOWN_ATTRIBUTE(400),
    NOT_FILTERABLE(400),
    /** The instant lies before what is known of the past, or is yet to come. */
    HISTORY_UNAVAILABLE(400),
    /** No key, or one that is not good. */
    UNAUTHENTICATED(401),
    FOREIGN_ORIGIN(403),
    /** The key is good, but not for this. */
    FORBIDDEN(403),
    /** More entities or attribute types than the tenant may have. */
    QUOTA_EXCEEDED(403),
    TENANT_NOT_FOUND(404),
    ENTITY_NOT_FOUND(404),
    ATTRIBUTE_NOT_FOUND(404),
    KEY_NOT_FOUND(404),
    ROUTE_NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    ENTITY_EXISTS(409),
    ATTRIBUTE_CONFLICT(409),
    TENANT_EXISTS(409),
    ATTRIBUTE_RETIRED(409),
    /** The analytics store cannot be filled anew now, or not without a further word. */
    RESYNC_CONFLICT(409),
    /** The tenant is being deleted, or has been. */
    TENANT_GONE(410),
    VERSION_MISMATCH(412),
    PAYLOAD_TOO_LARGE(413),
    ENTITY_TOO_LARGE(413),
    UNSUPPORTED_MEDIA_TYPE(415),
    IDEMPOTENCY_KEY_REUSED(422),
    TOO_MANY_REQUESTS(429),
    /** More writes a second than the tenant may have: the one quota that patience helps with. */
    WRITE_RATE_EXCEEDED(429, "quota_exceeded"),
    INTERNAL(500),
    ATTRIBUTE_INDEXING(503),
    FRESHNESS_UNAVAILABLE(503),
    SOURCE_UNAVAILABLE(503),
    OVERLOADED(503),
    /** The connection broke while a write was being made durable: it may have taken place. */
    OUTCOME_UNKNOWN(504);

    private final int httpStatus;
    private final String wireName;

    ErrorCode(int httpStatus) {
        this.httpStatus = httpStatus;
        this.wireName = name().toLowerCase(Locale.ROOT);
    }

    ErrorCode(int httpStatus, String wireName) {
        this.httpStatus = httpStatus;
        this.wireName = wireName;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** Whether the same request may succeed later without a change. */
    public boolean retriable() {
        return httpStatus == 503 || httpStatus == 429;
    }

    /** The name on the wire: lower case with underscores; all quotas share one. */
    public String wireName() {
        return wireName;
    }
}
