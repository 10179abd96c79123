package com.atlasco.atlas.server.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.tenant.Scope;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionsTest {

    @ParameterizedTest
    @CsvSource({
        "putAttributeType, PUT, /api/v1/attributes/n, WRITE",
        "putAttributeTypes, POST, /api/v1/attributes, WRITE",
        "renameAttributeType, POST, /api/v1/attributes/n/rename, ADMIN",
        "retireAttributeType, DELETE, /api/v1/attributes/n, ADMIN",
        "restoreAttributeType, POST, /api/v1/attributes/n/restore, ADMIN",
        "listAttributes, GET, /api/v1/attributes, READ",
        "searchEntities, POST, /api/v1/entities/search, READ",
        "aggregate, POST, /api/v1/analytics/aggregate, READ",
        "writeBatch, POST, /api/v1/entities:batch, WRITE",
        "deleteEntities, POST, /api/v1/entities:delete, WRITE",
        "createKey, POST, /api/v1/admin/tenants/7/keys, ADMIN"
    })
    void anOperationNeedsItsScopeAndNoOther(String operation, String method, String path, Scope needed) {
        for (Scope scope : Scope.values()) {
            Caller caller = new Caller.Key(new TenantId(7), Set.of(scope));
            if (scope == needed) {
                assertThatCode(() -> Permissions.require(caller, operation, method, path))
                        .doesNotThrowAnyException();
            } else {
                assertThatThrownBy(() -> Permissions.require(caller, operation, method, path))
                        .isInstanceOf(AtlasException.class)
                        .hasMessageContaining(needed.wireName());
            }
        }
    }

    @Test
    void anyKeyMayAskForAlertsAsForTheHealthOfReplication() {
        for (Scope scope : Scope.values()) {
            Caller key = new Caller.Key(new TenantId(7), Set.of(scope));
            assertThatCode(() -> {
                        Permissions.require(key, "alerts", "GET", "/api/v1/alerts");
                        Permissions.require(key, "replicationHealth", "GET", "/health/replication");
                    })
                    .doesNotThrowAnyException();
        }
        assertThatCode(() -> Permissions.require(new Caller.Operator(), "alerts", "GET", "/api/v1/alerts"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Permissions.require(new Caller.Anyone(), "alerts", "GET", "/api/v1/alerts"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aComparisonOfTheTiersIsForTheOperator() {
        Caller key = new Caller.Key(new TenantId(7), Set.of(Scope.values()));
        assertThatThrownBy(() -> Permissions.require(key, "verify", "POST", "/api/v1/verify"))
                .isInstanceOf(AtlasException.class);
        assertThatCode(() -> Permissions.require(new Caller.Operator(), "verify", "POST", "/api/v1/verify"))
                .doesNotThrowAnyException();
    }
}
