package com.atlasco.atlas.bench.network;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What lies between one endpoint and another, whatever connections there are. Thread-safe. */
public final class Line {

    private final Way toServer = new Way();
    private final Way toClient = new Way();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    /** From who connects to who listens. */
    public Way toServer() {
        return toServer;
    }

    /** From who listens to who connects. */
    public Way toClient() {
        return toClient;
    }

    /** The same both ways. */
    public void become(Conditions conditions) {
        toServer.become(conditions);
        toClient.become(conditions);
    }

    /** Ends every connection as a firewall does that has forgotten it: both ends are told. */
    public void reset() {
        links.forEach(Link::reset);
    }

    /** How many connections there are. */
    public int connections() {
        return links.size();
    }

    void add(Link link) {
        links.add(link);
    }

    void remove(Link link) {
        links.remove(link);
    }
}
