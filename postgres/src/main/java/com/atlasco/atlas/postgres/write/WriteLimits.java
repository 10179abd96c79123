package com.atlasco.atlas.postgres.write;

/**
 * What a list of writes may do at most.
 *
 * @param creatable how many entities more there may be after it than before, at least 0; a write that would create one
 *     beyond is refused with {@code quota_exceeded}. An entity that an earlier write of the list deletes makes room.
 */
public record WriteLimits(long creatable) {

    public WriteLimits {
        if (creatable < 0) {
            throw new IllegalArgumentException("an allowance is not negative: " + creatable);
        }
    }

    public static WriteLimits none() {
        return new WriteLimits(Long.MAX_VALUE);
    }
}
