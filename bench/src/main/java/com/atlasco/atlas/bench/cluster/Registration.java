package com.atlasco.atlas.bench.cluster;

import com.atlasco.atlas.bench.dataset.Dataset;
import com.atlasco.atlas.bench.http.HttpConnection;
import com.atlasco.atlas.bench.http.Requests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Registers the attributes of a data set. */
public final class Registration {

    private Registration() {}

    /**
     * Registers them for one tenant, in their order, each filterable.
     *
     * @throws IOException when one is refused
     */
    public static void register(Cluster cluster, Dataset dataset, long tenant) throws IOException {
        try (HttpConnection connection = HttpConnection.open(cluster.url())) {
            for (Dataset.Attribute attribute : dataset.attributes()) {
                byte[] definition = "{\"data_type\":\"%s\"}"
                        .formatted(attribute.type().wireName())
                        .getBytes(StandardCharsets.UTF_8);
                HttpConnection.Response response =
                        connection.exchange(Requests.put("/api/v1/attributes/" + attribute.name(), tenant, definition));
                if (response.status() >= 300) {
                    throw new IOException("registering an attribute answered " + response.body());
                }
            }
        }
    }
}
