package com.atlasco.atlas.cli.http;

import java.util.ArrayList;
import java.util.List;

/** Says in a line where an answer came from. */
public final class Provenance {

    private Provenance() {}

    /** Such as {@code from replica, at most 85 ms behind (interactive): point read, bound met}. */
    public static String of(Answer answer) {
        List<String> parts = new ArrayList<>();
        answer.header("X-Data-Source").ifPresent(source -> parts.add("from " + source));
        answer.header("X-Actual-Lag-Ms")
                .ifPresent(lag -> parts.add("at most " + lag + " ms behind"
                        + answer.header("X-Data-Freshness")
                                .map(freshness -> " (" + freshness + ")")
                                .orElse("")));
        answer.header("X-Replication-Health")
                .filter(health -> !health.equals("healthy"))
                .ifPresent(parts::add);
        String text = String.join(", ", parts);
        return answer.header("X-Routing-Reason")
                .map(reason -> text + ": " + reason)
                .orElse(text);
    }
}
