package com.atlasco.atlas.server.alert;

/** Is told when an alert begins to fire, and when it is resolved. Called by the evaluator's thread: must be quick. */
@FunctionalInterface
interface AlertListener {

    void changed(AlertReport report);
}
