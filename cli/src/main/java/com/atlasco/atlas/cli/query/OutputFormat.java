package com.atlasco.atlas.cli.query;

/** How an answer is printed; named as on the command line. */
enum OutputFormat {
    table,
    json,
    ndjson
}
