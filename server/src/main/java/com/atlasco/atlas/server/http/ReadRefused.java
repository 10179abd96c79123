package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.Problem;
import java.util.Map;

/** A read that found nothing: a problem that still says where it was looked for and how fresh that was. */
final class ReadRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    ReadRefused(Problem problem, Map<String, String> headers) {
        super(problem.detail());
        this.reply = Reply.problem(problem).with(headers);
    }

    Reply reply() {
        return reply;
    }
}
