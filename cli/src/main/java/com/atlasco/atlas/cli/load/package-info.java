/** Import of files: reading, inferring types, registering, sending. */
@NullMarked
package com.atlasco.atlas.cli.load;

import org.jspecify.annotations.NullMarked;
