package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.model.Heartbeat;

/** What a record of the stream says. */
sealed interface CapturedRecord {

    record Changed(Change change) implements CapturedRecord {}

    record Beat(Heartbeat heartbeat) implements CapturedRecord {}

    /** All rows of a captured table are gone, at once and without a record for each. */
    record Truncated(String table) implements CapturedRecord {}

    /** Nothing the store keeps: tenants that are there, deleted heartbeats. */
    record Ignored() implements CapturedRecord {}
}
