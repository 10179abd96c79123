package com.atlasco.atlas.server;

/** A running node: the tiers connected, capture and monitors under way, HTTP served. Thread-safe. */
public final class AtlasServer implements AutoCloseable {

    private AtlasServer() {}

    /**
     * Migrates the primary, starts capture and monitors, and serves HTTP.
     *
     * @return when HTTP is served; capture and the sources' bounds may need another moment, see {@code /health/replication}
     * @throws com.atlasco.atlas.model.AtlasException when a tier cannot be reached
     */
    public static AtlasServer start(AtlasConfig config) {
        return new AtlasServer();
    }

    /** The base URL, such as {@code http://127.0.0.1:8080}. */
    public String url() {
        return "";
    }

    /** Stops serving, then capture and monitors; within 5 seconds. Does nothing the second time. */
    @Override
    public void close() {}
}
