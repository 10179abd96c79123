/** Speaking to a running Atlas over HTTP. */
@NullMarked
package com.atlasco.atlas.cli.http;

import org.jspecify.annotations.NullMarked;
