package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.check.CheckedServer;
import com.atlasco.atlas.postgres.check.TypeRow;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** Names of attributes, read when something is to be said about them. For one thread. */
final class TypeNames {

    private final CheckedServer primary;
    private Optional<TenantId> known = Optional.empty();
    private Map<Integer, TypeRow> types = Map.of();

    TypeNames(CheckedServer primary) {
        this.primary = primary;
    }

    IntFunction<String> of(TenantId tenant) {
        if (!known.equals(Optional.of(tenant))) {
            types = primary.types(tenant);
            known = Optional.of(tenant);
        }
        Map<Integer, TypeRow> named = types;
        return id -> Optional.ofNullable(named.get(id)).map(TypeRow::name).orElse("#" + id);
    }
}
