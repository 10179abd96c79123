/** What is known of the values of attributes without looking at them: sketches that estimate how many rows a condition keeps. */
@NullMarked
package com.atlasco.atlas.postgres.statistics;

import org.jspecify.annotations.NullMarked;
