-- Writes that take place once per key, and versions that no entity of an id has had before.

-- What a write of a key was answered with. Written by the write's own transaction; rows are never updated, and forgotten
-- in bounded steps when they are old. The hash tells whether the key comes with the same request again.
CREATE TABLE idempotency_key (
    tenant_id    bigint      NOT NULL,
    key          text        NOT NULL COLLATE "C" CHECK (octet_length(key) BETWEEN 1 AND 255),
    request_hash bytea       NOT NULL,
    answer       jsonb       NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key)
) WITH (autovacuum_vacuum_scale_factor = 0.05);

CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

-- The last version of entities that are gone: one of the same id goes on above it, so that what was read of the earlier
-- one never fits the later one by chance.
CREATE TABLE entity_tombstone (
    tenant_id bigint NOT NULL,
    entity_id bigint NOT NULL,
    version   bigint NOT NULL,
    PRIMARY KEY (tenant_id, entity_id)
) WITH (fillfactor = 90);

ALTER TABLE idempotency_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE entity_tombstone ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant_isolation ON idempotency_key
    USING (tenant_id = (SELECT nullif(current_setting('atlas.tenant_id', true), '')::bigint));
CREATE POLICY tenant_isolation ON entity_tombstone
    USING (tenant_id = (SELECT nullif(current_setting('atlas.tenant_id', true), '')::bigint));

-- Forgets keys of every tenant that are older than that, the oldest first and so many at most; says how many. Nodes that
-- do it at once do not wait for each other.
CREATE FUNCTION atlas_forget_idempotency_keys(age interval, at_most integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH forgotten AS (
        DELETE FROM idempotency_key
        WHERE ctid = ANY (ARRAY(
            SELECT k.ctid FROM idempotency_key k
            WHERE k.created_at < now() - age
            ORDER BY k.created_at
            LIMIT at_most
            FOR UPDATE SKIP LOCKED))
        RETURNING 1)
    SELECT count(*) FROM forgotten
$$;

REVOKE EXECUTE ON FUNCTION atlas_forget_idempotency_keys FROM PUBLIC;
GRANT EXECUTE ON FUNCTION atlas_forget_idempotency_keys TO ${service_role};
GRANT SELECT, INSERT, DELETE ON idempotency_key TO ${service_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON entity_tombstone TO ${service_role};
