/** HTTP: the routes of the contract, requests read and answers written. */
@NullMarked
package com.atlasco.atlas.server.http;

import org.jspecify.annotations.NullMarked;
