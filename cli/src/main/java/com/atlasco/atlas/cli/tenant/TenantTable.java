package com.atlasco.atlas.cli.tenant;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.text.Table;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/** Prints tenants and keys as tables. */
final class TenantTable {

    private static final List<Table.Column> TENANT = List.of(
            new Table.Column("tenant_id", true),
            new Table.Column("name", false),
            new Table.Column("state", false),
            new Table.Column("created_at", false),
            new Table.Column("max_entities", true),
            new Table.Column("max_attribute_types", true),
            new Table.Column("max_writes_per_second", true));

    private static final List<Table.Column> KEY = List.of(
            new Table.Column("key_id", false),
            new Table.Column("name", false),
            new Table.Column("scopes", false),
            new Table.Column("created_at", false),
            new Table.Column("expires_at", false),
            new Table.Column("last_used_at", false),
            new Table.Column("revoked_at", false));

    private TenantTable() {}

    static void print(CliContext context, Iterable<JsonNode> tenants) {
        Table table = new Table(TENANT);
        for (JsonNode tenant : tenants) {
            JsonNode quotas = tenant.path("quotas");
            table.row(List.of(
                    cell(tenant.path("tenant_id")),
                    cell(tenant.path("name")),
                    cell(tenant.path("state")),
                    cell(tenant.path("created_at")),
                    cell(quotas.path("max_entities")),
                    cell(quotas.path("max_attribute_types")),
                    cell(quotas.path("max_writes_per_second"))));
        }
        table.layout(context.outTerminal()).lines().forEach(context.out()::println);
    }

    static void printKeys(CliContext context, Iterable<JsonNode> keys) {
        Table table = new Table(KEY);
        for (JsonNode key : keys) {
            StringBuilder scopes = new StringBuilder();
            for (JsonNode scope : key.path("scopes")) {
                scopes.append(scopes.isEmpty() ? "" : ",").append(scope.asText());
            }
            table.row(List.of(
                    cell(key.path("key_id")),
                    cell(key.path("name")),
                    scopes.toString(),
                    cell(key.path("created_at")),
                    cell(key.path("expires_at")),
                    cell(key.path("last_used_at")),
                    cell(key.path("revoked_at"))));
        }
        table.layout(context.outTerminal()).lines().forEach(context.out()::println);
    }

    /** How far a tenant's deletion has come, in one line. */
    static String progress(JsonNode tenant) {
        JsonNode deletion = tenant.path("deletion");
        JsonNode entities = deletion.path("entities");
        JsonNode rows = deletion.path("rows");
        return String.format(
                Locale.ROOT,
                "Deleting since %s, %s: %,d of %,d entities, %,d of %,d rows",
                deletion.path("requested_at").asText(),
                deletion.path("phase").asText(),
                entities.path("done").asLong(),
                entities.path("total").asLong(),
                rows.path("done").asLong(),
                rows.path("total").asLong());
    }

    private static String cell(JsonNode value) {
        return value.isNull() || value.isMissingNode() ? "" : value.asText();
    }
}
