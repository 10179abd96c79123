package com.atlasco.atlas.server.http;

import com.atlasco.atlas.server.AtlasConfig.HttpConfig;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.Writes;
import com.atlasco.atlas.server.read.ReadService;
import com.atlasco.atlas.server.status.StatusService;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** Names what answers each operation of the contract. */
public final class Api {

    private Api() {}

    /**
     * Serves the contract.
     *
     * @param grace how long requests under way may go on when the service is closed
     * @param url the base URL, known once the server listens
     */
    public static HttpService serve(
            HttpConfig config,
            Duration grace,
            Tenants tenants,
            Writes writes,
            ReadService reads,
            StatusService status,
            PrometheusMeterRegistry meters,
            Supplier<String> url) {
        AttributeHandlers attributes = new AttributeHandlers(tenants);
        EntityHandlers entities = new EntityHandlers(tenants, writes);
        ReadHandlers reading = new ReadHandlers(tenants, reads);
        AggregateHandlers aggregates = new AggregateHandlers(tenants, reads);
        OperationsHandlers operations = new OperationsHandlers(status, meters, url);
        Map<String, HttpService.Handler> handlers = Map.ofEntries(
                Map.entry("listAttributes", attributes::list),
                Map.entry("getAttributeType", attributes::get),
                Map.entry("putAttributeType", attributes::put),
                Map.entry("createEntity", entities::create),
                Map.entry("replaceEntity", entities::replace),
                Map.entry("patchEntity", entities::patch),
                Map.entry("deleteEntity", entities::delete),
                Map.entry("getEntity", reading::get),
                Map.entry("getEntityAttribute", reading::getAttribute),
                Map.entry("findEntities", reading::find),
                Map.entry("searchEntities", reading::search),
                Map.entry("aggregate", aggregates::aggregate),
                Map.entry("live", operations::live),
                Map.entry("ready", operations::ready),
                Map.entry("replicationHealth", operations::replication),
                Map.entry("status", operations::status),
                Map.entry("metrics", operations::metrics),
                Map.entry("openapi", operations::openapi));
        return HttpService.start(config, grace, handlers, new BatchHandler(tenants, writes), meters);
    }
}
