/** The command line as people run it. */
@NullMarked
package com.atlasco.atlas.it.cli;

import org.jspecify.annotations.NullMarked;
