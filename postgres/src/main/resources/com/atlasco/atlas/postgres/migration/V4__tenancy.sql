-- API keys, quotas, and tenants that are deleted in the background.

-- Grows with every change of what nodes keep in memory: a key revoked, a quota changed, a tenant deleted.
CREATE TABLE tenancy_version (
    only_row boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (only_row),
    version  bigint  NOT NULL
) WITH (fillfactor = 20);

INSERT INTO tenancy_version (version) VALUES (1);

-- No row, or NULL: no limit.
CREATE TABLE tenant_quota (
    tenant_id             bigint NOT NULL PRIMARY KEY REFERENCES tenant ON DELETE CASCADE,
    max_entities          bigint CHECK (max_entities >= 0),
    max_attribute_types   bigint CHECK (max_attribute_types >= 0),
    max_writes_per_second bigint CHECK (max_writes_per_second > 0)
);

-- The secret itself is nowhere: what is looked up is its SHA-256.
CREATE TABLE api_key (
    key_id       text        NOT NULL COLLATE "C" PRIMARY KEY,
    tenant_id    bigint      NOT NULL REFERENCES tenant ON DELETE CASCADE,
    name         text        NOT NULL,
    secret_hash  bytea       NOT NULL CHECK (octet_length(secret_hash) = 32),
    scopes       text[]      NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'write', 'admin']),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz
) WITH (fillfactor = 80);

CREATE INDEX api_key_tenant ON api_key (tenant_id, created_at, key_id);

-- A tenant that is being deleted, and afterwards the proof that its id has been used. It outlives the tenant.
CREATE TABLE tenant_deletion (
    tenant_id      bigint      NOT NULL PRIMARY KEY,
    requested_at   timestamptz NOT NULL DEFAULT now(),
    phase          text        NOT NULL DEFAULT 'fencing' CHECK (phase IN ('fencing', 'counting', 'deleting', 'finished')),
    place          integer     NOT NULL DEFAULT 0,
    entities_total bigint      NOT NULL DEFAULT 0,
    entities_done  bigint      NOT NULL DEFAULT 0,
    rows_total     bigint      NOT NULL DEFAULT 0,
    rows_done      bigint      NOT NULL DEFAULT 0,
    finished_at    timestamptz,
    lease_owner    text,
    lease_until    timestamptz
) WITH (fillfactor = 50);

CREATE INDEX tenant_deletion_pending ON tenant_deletion (tenant_id) WHERE finished_at IS NULL;

ALTER TABLE tenant_quota ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_deletion ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant_isolation ON tenant_quota
    USING (tenant_id = (SELECT nullif(current_setting('atlas.tenant_id', true), '')::bigint));
CREATE POLICY tenant_isolation ON api_key
    USING (tenant_id = (SELECT nullif(current_setting('atlas.tenant_id', true), '')::bigint));
CREATE POLICY tenant_isolation ON tenant_deletion
    USING (tenant_id = (SELECT nullif(current_setting('atlas.tenant_id', true), '')::bigint));

-- A statement that names a partition meets the partition's own policies, and there are none: it sees nothing.
DO $$
DECLARE
    leaf regclass;
BEGIN
    FOR leaf IN
        SELECT p.relid FROM unnest(ARRAY['entity', 'entity_attribute']::regclass[]) AS r (root),
            LATERAL pg_partition_tree(r.root) p WHERE p.isleaf
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', leaf);
    END LOOP;
END
$$;

-- Ids that are given out; those that people bring along are passed over.
CREATE SEQUENCE tenant_id_seq AS bigint;
SELECT setval('tenant_id_seq', coalesce((SELECT max(tenant_id) FROM tenant WHERE tenant_id < 1000000000000), 1));

-- Creates a tenant, with the id that is asked for or the next one; no row when that id is, or was once, taken.
CREATE FUNCTION atlas_create_tenant(
    wanted_id bigint, tenant_name text, max_entities bigint, max_attribute_types bigint, max_writes_per_second bigint)
RETURNS SETOF bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    candidate bigint;
    created_id bigint;
BEGIN
    LOOP
        candidate := coalesce(wanted_id, nextval('tenant_id_seq'));
        IF NOT EXISTS (SELECT FROM tenant_deletion d WHERE d.tenant_id = candidate) THEN
            INSERT INTO tenant (tenant_id, name) VALUES (candidate, tenant_name)
            ON CONFLICT DO NOTHING RETURNING tenant.tenant_id INTO created_id;
        END IF;
        EXIT WHEN created_id IS NOT NULL OR wanted_id IS NOT NULL;
    END LOOP;
    IF created_id IS NOT NULL THEN
        INSERT INTO registry_version (tenant_id, version) VALUES (created_id, 1);
        INSERT INTO tenant_quota VALUES (created_id, max_entities, max_attribute_types, max_writes_per_second);
        RETURN NEXT created_id;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION atlas_create_tenant(wanted_id bigint, tenant_name text) RETURNS SETOF bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT atlas_create_tenant(wanted_id, tenant_name, NULL, NULL, NULL)
$$;

-- What nodes keep in memory of tenants that are, or were.
CREATE FUNCTION atlas_tenant_states(tenants bigint[])
RETURNS TABLE (tenant_id bigint, state text,
    max_entities bigint, max_attribute_types bigint, max_writes_per_second bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT i.id,
        CASE WHEN d.tenant_id IS NULL THEN 'active' WHEN d.finished_at IS NULL THEN 'deleting' ELSE 'deleted' END,
        q.max_entities, q.max_attribute_types, q.max_writes_per_second
    FROM unnest(tenants) AS i (id)
    LEFT JOIN tenant t ON t.tenant_id = i.id
    LEFT JOIN tenant_deletion d ON d.tenant_id = i.id
    LEFT JOIN tenant_quota q ON q.tenant_id = i.id
    WHERE t.tenant_id IS NOT NULL OR d.tenant_id IS NOT NULL
$$;

-- The tenants that are there, the deleted left out.
CREATE FUNCTION atlas_tenant_page(after_id bigint, page_size integer)
RETURNS TABLE (tenant_id bigint, name text, created_at timestamptz,
    max_entities bigint, max_attribute_types bigint, max_writes_per_second bigint,
    requested_at timestamptz, phase text,
    entities_done bigint, entities_total bigint, rows_done bigint, rows_total bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT t.tenant_id, t.name, t.created_at, q.max_entities, q.max_attribute_types, q.max_writes_per_second,
        d.requested_at, d.phase, d.entities_done, d.entities_total, d.rows_done, d.rows_total
    FROM tenant t
    LEFT JOIN tenant_quota q ON q.tenant_id = t.tenant_id
    LEFT JOIN tenant_deletion d ON d.tenant_id = t.tenant_id
    WHERE t.tenant_id > after_id ORDER BY t.tenant_id LIMIT page_size
$$;

-- What a node needs to check a key that it was shown: of keys that are not revoked.
CREATE FUNCTION atlas_find_keys(key_ids text[])
RETURNS TABLE (key_id text, tenant_id bigint, secret_hash bytea, scopes text[], expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT k.key_id, k.tenant_id, k.secret_hash, k.scopes, k.expires_at
    FROM api_key k WHERE k.key_id = ANY (key_ids) AND k.revoked_at IS NULL
$$;

CREATE FUNCTION atlas_touch_keys(key_ids text[], used timestamptz[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    UPDATE api_key k SET last_used_at = u.used_at
    FROM unnest(key_ids, used) AS u (key_id, used_at)
    WHERE k.key_id = u.key_id AND (k.last_used_at IS NULL OR k.last_used_at < u.used_at)
$$;

-- From here on nodes refuse the tenant; false when there is none, or it is being deleted already.
CREATE FUNCTION atlas_begin_tenant_deletion(tenant bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO tenant_deletion (tenant_id) SELECT t.tenant_id FROM tenant t WHERE t.tenant_id = tenant
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE tenancy_version SET version = version + 1;
    RETURN true;
END
$$;

CREATE FUNCTION atlas_pending_deletions() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT d.tenant_id FROM tenant_deletion d WHERE d.finished_at IS NULL ORDER BY d.requested_at, d.tenant_id
$$;

-- Every table that holds rows of tenants, whichever migration made it, in an order in which it can be emptied: the
-- pivot, the entities, and what refers to others before what it refers to. What is few goes with the tenant itself.
CREATE FUNCTION atlas_tenant_tables() RETURNS TABLE (place integer, leaf regclass, root regclass)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    WITH RECURSIVE reference AS (
        SELECT conrelid, confrelid FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid
    ),
    reach (relation, depth) AS (
        SELECT conrelid, 1 FROM reference
        UNION
        SELECT r.conrelid, reach.depth + 1 FROM reference r JOIN reach ON r.confrelid = reach.relation
        WHERE reach.depth < 20
    )
    SELECT row_number() OVER (ORDER BY
            root = 'entity_attribute'::regclass DESC,
            root = 'entity'::regclass DESC,
            coalesce((SELECT max(depth) FROM reach WHERE relation = leaf), 0) DESC,
            leaf)::integer,
        leaf, root
    FROM (
        SELECT c.oid::regclass AS leaf, coalesce(pg_partition_root(c.oid), c.oid::regclass) AS root
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND c.relpersistence <> 't'
          AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'tenant'::regclass)
    ) AS tables
    WHERE root <> ALL (ARRAY['tenant', 'tenant_deletion', 'tenant_quota', 'api_key', 'registry_version']::regclass[])
$$;

-- Conditions that together hold for every row, each with an index that begins with tenant_id.
CREATE FUNCTION atlas_indexed_conditions(root regclass) RETURNS text[]
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT CASE WHEN root = 'entity_attribute'::regclass
        THEN ARRAY['value_number IS NOT NULL', 'value_text_key IS NOT NULL', 'value_ts IS NOT NULL',
            'value_bool IS NOT NULL', 'value_jsonb IS NOT NULL']
        ELSE ARRAY['true'] END
$$;

-- One step of a deletion, a transaction of its own: at most "chunk" rows. No row when there is nothing to do, or another
-- node is at it: a node that began goes on alone until its lease has run out.
CREATE FUNCTION atlas_delete_tenant_step(tenant bigint, node text, lease interval, chunk integer)
RETURNS TABLE (finished boolean, deleted bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT SET enable_seqscan = off AS $$
DECLARE
    deletion tenant_deletion%ROWTYPE;
    target record;
    condition text;
    affected bigint;
    sum bigint := 0;
BEGIN
    SELECT * INTO deletion FROM tenant_deletion d
    WHERE d.tenant_id = tenant AND d.finished_at IS NULL
      AND (d.lease_owner IS NULL OR d.lease_owner = node OR d.lease_until < clock_timestamp())
    FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    IF deletion.phase = 'fencing' THEN
        -- Waits for writers that are under way; those that come later find no registry. After that nobody writes.
        PERFORM atlas_begin_filterable_change(tenant);
        DELETE FROM registry_version r WHERE r.tenant_id = tenant;
        deletion.phase := 'counting';
    ELSIF deletion.phase = 'counting' THEN
        SELECT * INTO target FROM atlas_tenant_tables() t WHERE t.place > deletion.place ORDER BY t.place LIMIT 1;
        IF FOUND THEN
            FOREACH condition IN ARRAY atlas_indexed_conditions(target.root) LOOP
                EXECUTE format('SELECT count(*) FROM %s WHERE tenant_id = $1 AND %s', target.leaf, condition)
                INTO affected USING tenant;
                sum := sum + affected;
            END LOOP;
            deletion.rows_total := deletion.rows_total + sum;
            IF target.root = 'entity'::regclass THEN
                deletion.entities_total := deletion.entities_total + sum;
            END IF;
            deletion.place := target.place;
        ELSE
            deletion.place := 0;
            deletion.phase := 'deleting';
        END IF;
        sum := 0;
    ELSE
        FOR target IN SELECT * FROM atlas_tenant_tables() t WHERE t.place >= deletion.place ORDER BY t.place LOOP
            FOREACH condition IN ARRAY atlas_indexed_conditions(target.root) LOOP
                EXECUTE format(
                    'DELETE FROM %s WHERE ctid = ANY (ARRAY('
                        'SELECT ctid FROM %s WHERE tenant_id = $1 AND %s LIMIT $2))',
                    target.leaf, target.leaf, condition)
                USING tenant, chunk - sum;
                GET DIAGNOSTICS affected = ROW_COUNT;
                sum := sum + affected;
                EXIT WHEN sum >= chunk;
            END LOOP;
            EXIT WHEN sum > 0;
        END LOOP;
        IF sum > 0 THEN
            deletion.place := target.place;
            deletion.rows_done := deletion.rows_done + sum;
            IF target.root = 'entity'::regclass THEN
                deletion.entities_done := deletion.entities_done + sum;
            END IF;
        ELSIF deletion.place > 0 THEN
            -- Once more from the beginning; finding nothing then is the end.
            deletion.place := 0;
        ELSE
            DELETE FROM tenant t WHERE t.tenant_id = tenant;
            UPDATE tenancy_version SET version = version + 1;
            deletion.phase := 'finished';
            deletion.finished_at := now();
        END IF;
    END IF;

    UPDATE tenant_deletion d
    SET phase = deletion.phase, place = deletion.place, finished_at = deletion.finished_at,
        entities_total = deletion.entities_total, entities_done = deletion.entities_done,
        rows_total = deletion.rows_total, rows_done = deletion.rows_done,
        lease_owner = CASE WHEN deletion.finished_at IS NULL THEN node END,
        lease_until = CASE WHEN deletion.finished_at IS NULL THEN clock_timestamp() + lease END
    WHERE d.tenant_id = tenant;
    finished := deletion.finished_at IS NOT NULL;
    deleted := sum;
    RETURN NEXT;
END
$$;

-- A node that stops lets others go on at once.
CREATE FUNCTION atlas_release_deletions(node text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    UPDATE tenant_deletion SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = node AND finished_at IS NULL
$$;

REVOKE EXECUTE ON FUNCTION atlas_create_tenant(bigint, text, bigint, bigint, bigint), atlas_tenant_states,
    atlas_tenant_page, atlas_find_keys, atlas_touch_keys, atlas_begin_tenant_deletion, atlas_pending_deletions,
    atlas_tenant_tables, atlas_indexed_conditions, atlas_delete_tenant_step, atlas_release_deletions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION atlas_create_tenant(bigint, text, bigint, bigint, bigint), atlas_tenant_states,
    atlas_tenant_page, atlas_find_keys, atlas_touch_keys, atlas_begin_tenant_deletion, atlas_pending_deletions,
    atlas_delete_tenant_step, atlas_release_deletions TO ${service_role};

GRANT SELECT, UPDATE ON tenancy_version TO ${service_role};
GRANT SELECT, INSERT, UPDATE ON tenant_quota, api_key TO ${service_role};
