package com.atlasco.atlas.server.http;

import com.atlasco.atlas.postgres.statistics.StatisticsCatalog;
import com.atlasco.atlas.server.AtlasConfig.HttpConfig;
import com.atlasco.atlas.server.Resync;
import com.atlasco.atlas.server.TenantAdministration;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.Writes;
import com.atlasco.atlas.server.access.Gate;
import com.atlasco.atlas.server.alert.Alerts;
import com.atlasco.atlas.server.read.ReadService;
import com.atlasco.atlas.server.status.StatusService;
import com.atlasco.atlas.server.verify.Verifier;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
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
            Gate gate,
            Tenants tenants,
            TenantAdministration administration,
            Writes writes,
            ReadService reads,
            StatisticsCatalog statistics,
            Resync resync,
            Verifier verifier,
            StatusService status,
            Alerts alerts,
            PrometheusMeterRegistry meters,
            Supplier<String> url) {
        AttributeHandlers attributes = new AttributeHandlers(tenants);
        EntityHandlers entities = new EntityHandlers(tenants, writes);
        Moments moments = new Moments(InstantSource.system());
        ReadHandlers reading = new ReadHandlers(tenants, reads, moments);
        AggregateHandlers aggregates = new AggregateHandlers(tenants, reads, moments);
        HistoryHandlers histories = new HistoryHandlers(tenants, reads, moments);
        DescriptionHandlers descriptions = new DescriptionHandlers(tenants, url);
        TenantHandlers administered = new TenantHandlers(administration);
        KeyHandlers keys = new KeyHandlers(administration);
        OperationsHandlers operations = new OperationsHandlers(status, alerts::reports, meters, url);
        Map<String, HttpService.Handler> handlers = Map.ofEntries(
                Map.entry("listAttributes", attributes::list),
                Map.entry("getAttributeType", attributes::get),
                Map.entry("putAttributeType", attributes::put),
                Map.entry("putAttributeTypes", attributes::putAll),
                Map.entry("renameAttributeType", attributes::rename),
                Map.entry("retireAttributeType", attributes::retire),
                Map.entry("restoreAttributeType", attributes::restore),
                Map.entry("createEntity", entities::create),
                Map.entry("replaceEntity", entities::replace),
                Map.entry("patchEntity", entities::patch),
                Map.entry("deleteEntity", entities::delete),
                Map.entry("putEntityAttribute", entities::setAttribute),
                Map.entry("deleteEntityAttribute", entities::deleteAttribute),
                Map.entry("getEntity", reading::get),
                Map.entry("getEntityAttribute", reading::getAttribute),
                Map.entry("getEntityHistory", histories::history),
                Map.entry("findEntities", reading::find),
                Map.entry("searchEntities", reading::search),
                Map.entry("explain", reading::explain),
                Map.entry("rebuildStatistics", new StatisticsHandlers(tenants, statistics)::rebuild),
                Map.entry("aggregate", aggregates::aggregate),
                Map.entry("conformance", descriptions::conformance),
                Map.entry("conformanceOfApi", descriptions::conformance),
                Map.entry("queryables", descriptions::queryables),
                Map.entry("createTenant", administered::create),
                Map.entry("listTenants", administered::list),
                Map.entry("getTenant", administered::get),
                Map.entry("deleteTenant", administered::delete),
                Map.entry("patchQuotas", administered::patchQuotas),
                Map.entry("createKey", keys::create),
                Map.entry("listKeys", keys::list),
                Map.entry("revokeKey", keys::revoke),
                Map.entry("resync", new ResyncHandlers(resync)::begin),
                Map.entry("live", operations::live),
                Map.entry("ready", operations::ready),
                Map.entry("replicationHealth", operations::replication),
                Map.entry("status", operations::status),
                Map.entry("alerts", operations::alerts),
                Map.entry("metrics", operations::metrics),
                Map.entry("openapi", operations::openapi));
        BatchHandler batch = new BatchHandler(tenants, writes, BatchLimits.defaults(), System::nanoTime);
        DeleteHandler delete = new DeleteHandler(tenants, writes, reads, System::nanoTime);
        VerifyHandler verify = new VerifyHandler(verifier, System::nanoTime);
        return HttpService.start(config, grace, gate, handlers, batch, delete, verify, meters);
    }
}
