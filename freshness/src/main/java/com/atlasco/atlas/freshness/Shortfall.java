package com.atlasco.atlas.freshness;

/** Why a source cannot serve a read. */
enum Shortfall {
    UNREACHABLE,
    UNKNOWN,
    OTHER_HISTORY,
    TOO_STALE,
    BEHIND_TOKEN
}
