/** Starting and stopping all tiers on this machine. */
@NullMarked
package com.atlasco.atlas.cli.up;

import org.jspecify.annotations.NullMarked;
