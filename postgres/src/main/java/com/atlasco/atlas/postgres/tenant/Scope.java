package com.atlasco.atlas.postgres.tenant;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a key is good for; none includes another. */
public enum Scope {
    /** Reading entities, aggregates and attribute types. */
    READ,

    /** Writing entities, and registering attribute types. */
    WRITE,

    /** The tenant's own keys, and changes of its registry that take something away. */
    ADMIN;

    /** The name on the wire: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Scope> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(scope -> scope.wireName().equals(name))
                .findFirst();
    }
}
