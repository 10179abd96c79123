/** The JSON of requests and answers. */
@NullMarked
package com.atlasco.atlas.server.json;

import org.jspecify.annotations.NullMarked;
