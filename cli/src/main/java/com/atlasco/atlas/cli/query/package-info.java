/** Reading from the command line: queries and aggregates. */
@NullMarked
package com.atlasco.atlas.cli.query;

import org.jspecify.annotations.NullMarked;
