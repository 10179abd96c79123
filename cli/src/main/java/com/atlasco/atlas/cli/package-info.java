/** The command line: one class per command, and what they share. */
@NullMarked
package com.atlasco.atlas.cli;

import org.jspecify.annotations.NullMarked;
