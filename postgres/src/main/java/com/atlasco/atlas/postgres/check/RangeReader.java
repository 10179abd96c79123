package com.atlasco.atlas.postgres.check;

import com.atlasco.atlas.model.TenantId;

/** Cuts a tenant's entities into ranges of about the same size. For one thread. */
public final class RangeReader {

    private static final int FIRST_ROWS = 128;
    private static final int FEWEST_ROWS = 8;

    private final CheckedServer server;
    private final int mostRows;
    private final long mostBytes;
    private int rows;

    /**
     * A reader of ranges.
     *
     * @param mostRows of a range, from 8
     * @param mostBytes of a range's documents; one that is larger makes a range by itself
     */
    public RangeReader(CheckedServer server, int mostRows, long mostBytes) {
        this.server = server;
        this.mostRows = mostRows;
        this.mostBytes = mostBytes;
        this.rows = Math.min(FIRST_ROWS, mostRows);
    }

    /** The range that follows an id. Large documents are looked at to know their size, so few are asked for then. */
    public Range next(TenantId tenant, long after) {
        CheckedServer.Measured measured = server.measure(tenant, after, rows, mostBytes);
        rows = measured.cut()
                ? Math.max(FEWEST_ROWS, Math.min(mostRows, measured.range().entities() * 2))
                : Math.min(mostRows, rows * 4);
        return measured.range();
    }
}
