package com.atlasco.atlas.server.verify;

/**
 * How far a comparison has come.
 *
 * @param entities compared so far; an entity that is compared with several sources counts for each
 * @param findings so far
 * @param percent of what there is to do, by an estimate of the number of entities; 0 to 100
 */
public record VerifyProgress(long entities, long findings, double percent) {}
