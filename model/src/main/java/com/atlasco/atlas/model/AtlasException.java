package com.atlasco.atlas.model;

/** A failure that carries the problem the caller is to be told. */
public final class AtlasException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public AtlasException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    public AtlasException(Problem problem, Throwable cause) {
        super(problem.detail(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
