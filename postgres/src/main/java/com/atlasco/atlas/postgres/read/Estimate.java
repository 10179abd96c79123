package com.atlasco.atlas.postgres.read;

/**
 * What a plan is expected to take.
 *
 * @param micros the time it takes on the machine that the costs were measured on, with all it reads in memory
 * @param entries of indexes that are read
 * @param documents that are read
 * @param rows that are found, at most as many as a page has
 */
record Estimate(double micros, double entries, double documents, double rows) {}
