package com.atlasco.atlas.server.http;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.CompletionException;

/** Parts of an answer on their way to a client. */
final class Delivery {

    private Delivery() {}

    /**
     * Blocks until the connection has taken what was written.
     *
     * @throws IOException when the client went away
     */
    static void await(Future<Void> written) throws IOException {
        try {
            written.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException failed) {
            throw new IOException("the client went away", failed.getCause());
        }
    }
}
