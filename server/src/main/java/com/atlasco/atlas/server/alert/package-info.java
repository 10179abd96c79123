/** Alerts on how the sources fare: rules with durations and hysteresis, what they do while they fire, and who is told. */
@NullMarked
package com.atlasco.atlas.server.alert;

import org.jspecify.annotations.NullMarked;
