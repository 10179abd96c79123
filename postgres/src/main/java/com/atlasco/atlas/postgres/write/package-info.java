/** Writing entities: a document and its pivot rows in one transaction. */
@NullMarked
package com.atlasco.atlas.postgres.write;

import org.jspecify.annotations.NullMarked;
