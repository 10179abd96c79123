/** What people read in a terminal: tables, progress, problems, shell lines. */
@NullMarked
package com.atlasco.atlas.cli.text;

import org.jspecify.annotations.NullMarked;
