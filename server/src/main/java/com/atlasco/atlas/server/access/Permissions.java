package com.atlasco.atlas.server.access;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.tenant.Scope;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What callers may do. An operation that is not named here needs what its method says: GET to read, others to write, and
 * to change attribute types otherwise than by registering them, to administer.
 */
public final class Permissions {

    private static final Set<String> OPEN = Set.of("live", "ready", "openapi", "conformance", "conformanceOfApi");
    private static final Set<String> ANY_KEY = Set.of("replicationHealth", "alerts");
    private static final Set<String> OPERATOR_ONLY = Set.of(
            "status", "metrics", "listTenants", "createTenant", "deleteTenant", "patchQuotas", "resync", "verify");
    private static final Map<String, Scope> SCOPES = Map.of(
            "searchEntities", Scope.READ,
            "explain", Scope.READ,
            "aggregate", Scope.READ,
            "putAttributeType", Scope.WRITE,
            "putAttributeTypes", Scope.WRITE,
            "getTenant", Scope.ADMIN,
            "listKeys", Scope.ADMIN,
            "createKey", Scope.ADMIN,
            "revokeKey", Scope.ADMIN);
    private static final String ATTRIBUTES = "/api/v1/attributes";

    private Permissions() {}

    /**
     * Throws unless the caller may do this.
     *
     * @param operation by its operationId
     * @throws AtlasException {@code forbidden}
     */
    public static void require(Caller caller, String operation, String method, String path) {
        switch (caller) {
            case Caller.Anyone _ -> {
                if (!OPEN.contains(operation)) {
                    throw new IllegalStateException(operation + " is not open to all, but was reached without a key");
                }
            }
            case Caller.Development _, Caller.Operator _ -> {}
            case Caller.Key _ -> {
                if (OPERATOR_ONLY.contains(operation)) {
                    throw forbidden("this is for the operator's key", "Ask whoever runs this Atlas.");
                }
                if (!OPEN.contains(operation) && !ANY_KEY.contains(operation)) {
                    require(caller, needed(operation, method, path));
                }
            }
        }
    }

    /**
     * Throws unless the caller has this scope, or needs none.
     *
     * @throws AtlasException {@code forbidden}
     */
    public static void require(Caller caller, Scope scope) {
        if (caller instanceof Caller.Key(var _, var scopes) && !scopes.contains(scope)) {
            throw forbidden(
                    "the key lacks the scope '%s'".formatted(scope.wireName()),
                    "Use a key with this scope; it has to be created with it.");
        }
    }

    /**
     * The tenant that a request speaks for: that of its key, or the one that it names.
     *
     * @throws AtlasException {@code forbidden} when it names another one than its key's, whether or not that exists
     */
    public static TenantId tenant(Caller caller, Optional<TenantId> named) {
        return switch (caller) {
            case Caller.Key(var own, var _) -> {
                requireOwn(own, named.orElse(own));
                yield own;
            }
            case Caller.Anyone _, Caller.Development _, Caller.Operator _ -> named.orElse(TenantId.DEFAULT);
        };
    }

    /**
     * Throws unless the caller may administer this tenant.
     *
     * @throws AtlasException {@code forbidden} for the key of another one, whether or not that exists
     */
    public static void requireTenant(Caller caller, TenantId tenant) {
        if (caller instanceof Caller.Key(var own, var _)) {
            requireOwn(own, tenant);
        }
    }

    private static void requireOwn(TenantId own, TenantId named) {
        if (!own.equals(named)) {
            throw forbidden(
                    "the key is not one of tenant " + named, "Leave X-Tenant-Id out: the key says whose it is.");
        }
    }

    private static Scope needed(String operation, String method, String path) {
        return Optional.ofNullable(SCOPES.get(operation)).orElseGet(() -> {
            if (method.equals("GET")) {
                return Scope.READ;
            }
            return path.equals(ATTRIBUTES) || path.startsWith(ATTRIBUTES + "/") ? Scope.ADMIN : Scope.WRITE;
        });
    }

    private static AtlasException forbidden(String detail, String hint) {
        return Problem.of(ErrorCode.FORBIDDEN, detail)
                .at("Authorization")
                .hint(hint)
                .asException();
    }
}
