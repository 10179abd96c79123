/** What the server's JVM is shown before it is first used, so that later starts know which code to compile. */
@NullMarked
package com.atlasco.atlas.bench.training;

import org.jspecify.annotations.NullMarked;
