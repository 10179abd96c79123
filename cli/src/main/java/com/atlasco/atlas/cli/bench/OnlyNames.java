package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.cli.UsageException;
import java.util.List;
import java.util.Set;

/** The names that {@code --only} takes. */
final class OnlyNames {

    private OnlyNames() {}

    /** Throws a usage error for a name that there is not. */
    static void check(Set<String> only, List<String> names) {
        only.stream().filter(name -> !names.contains(name)).findFirst().ifPresent(name -> {
            throw new UsageException("--only: there is no " + name + ", only " + String.join(", ", names) + ".");
        });
    }
}
