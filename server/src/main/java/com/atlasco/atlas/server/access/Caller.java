package com.atlasco.atlas.server.access;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.tenant.Scope;
import java.util.Set;

/** Who sends a request. */
public sealed interface Caller {

    /** Nobody who has said who they are: served what is open to all. */
    record Anyone() implements Caller {}

    /** A program of this machine, where no key is asked for: any tenant, and everything. */
    record Development() implements Caller {}

    /** Who runs Atlas: any tenant that is there, and everything. */
    record Operator() implements Caller {}

    /** A tenant's key. */
    record Key(TenantId tenant, Set<Scope> scopes) implements Caller {
        public Key {
            scopes = Set.copyOf(scopes);
        }
    }
}
