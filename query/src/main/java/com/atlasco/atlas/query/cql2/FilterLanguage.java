package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.util.Arrays;

/** The two forms of CQL2. */
public enum FilterLanguage {
    TEXT("cql2-text"),
    JSON("cql2-json");

    private final String wireName;

    FilterLanguage(String wireName) {
        this.wireName = wireName;
    }

    /** The name in requests, as OGC API Features has it. */
    public String wireName() {
        return wireName;
    }

    /**
     * The form of that name.
     *
     * @throws AtlasException {@code invalid_request} when there is none
     */
    public static FilterLanguage ofWireName(String name) {
        return Arrays.stream(values())
                .filter(language -> language.wireName.equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                                ErrorCode.INVALID_REQUEST,
                                "the filter language '%s' is not spoken here".formatted(Quoting.abbreviate(name)))
                        .at("filter-lang")
                        .hint("Use cql2-text or cql2-json.")
                        .asException());
    }

    /** The form a filter seems to be in: no text begins with a brace, a bracket or a JSON string. */
    public static FilterLanguage detect(String filter) {
        String stripped = filter.strip();
        boolean json = stripped.startsWith("{")
                || stripped.startsWith("[")
                || stripped.equals("true")
                || stripped.equals("false")
                || stripped.equals("null");
        return json ? JSON : TEXT;
    }
}
