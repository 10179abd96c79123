package com.atlasco.atlas.cli.query;

import com.atlasco.atlas.cli.http.ProblemException;

/** The server refused a request that carried a filter. */
public final class FilterProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemException problem;
    private final String filter;

    FilterProblemException(ProblemException problem, String filter) {
        super(problem.getMessage(), problem);
        this.problem = problem;
        this.filter = filter;
    }

    /** The refusal. */
    public ProblemException problem() {
        return problem;
    }

    /** The filter as it was sent. */
    public String filter() {
        return filter;
    }
}
