package com.atlasco.atlas.postgres.write;

/**
 * What a list of writes may do at most.
 *
 * @param creatable how many more entities may be there afterwards than before, each new one counted; from 0
 */
public record WriteLimits(long creatable) {

    private static final WriteLimits NONE = new WriteLimits(Long.MAX_VALUE);

    public static WriteLimits none() {
        return NONE;
    }
}
