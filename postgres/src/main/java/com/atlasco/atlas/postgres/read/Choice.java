package com.atlasco.atlas.postgres.read;

/** A plan and what it is expected to take. */
record Choice(Plan plan, Estimate estimate) {}
