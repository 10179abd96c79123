/** The words every module shares: values, attribute types, entities, positions and problems. */
@NullMarked
package com.atlasco.atlas.model;

import org.jspecify.annotations.NullMarked;
