package com.atlasco.atlas.bench.cluster;

import com.atlasco.atlas.bench.Medians;
import java.util.List;
import java.util.function.Function;

/**
 * What each of the processes has used of the cores.
 *
 * @param server the JVM that serves HTTP, with change capture and the columnar store where they are on
 * @param primary PostgreSQL: the postmaster and all its processes
 * @param replica the same of the replica; 0 without one
 * @param client this JVM, which makes the load
 */
public record CpuSeconds(double server, double primary, double replica, double client) {

    /** Each figure's own median. */
    public static <T> CpuSeconds median(List<T> measured, Function<? super T, CpuSeconds> cost) {
        return new CpuSeconds(
                Medians.of(measured, each -> cost.apply(each).server()),
                Medians.of(measured, each -> cost.apply(each).primary()),
                Medians.of(measured, each -> cost.apply(each).replica()),
                Medians.of(measured, each -> cost.apply(each).client()));
    }

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
