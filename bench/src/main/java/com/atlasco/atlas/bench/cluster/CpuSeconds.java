package com.atlasco.atlas.bench.cluster;

/**
 * What each of the processes has used of the cores.
 *
 * @param server the JVM that serves HTTP, with change capture and the columnar store where they are on
 * @param primary PostgreSQL: the postmaster and all its processes
 * @param replica the same of the replica; 0 without one
 * @param client this JVM, which makes the load
 */
public record CpuSeconds(double server, double primary, double replica, double client) {

    public CpuSeconds minus(CpuSeconds earlier) {
        return new CpuSeconds(
                server - earlier.server, primary - earlier.primary, replica - earlier.replica, client - earlier.client);
    }

    public CpuSeconds per(double count) {
        return new CpuSeconds(server / count, primary / count, replica / count, client / count);
    }

    public double total() {
        return server + primary + replica + client;
    }
}
