-- Entities, their typed pivot, the registry, and the heartbeats that measure staleness.
-- Text is compared by code point on every tier, hence COLLATE "C".

CREATE TABLE tenant (
    tenant_id  bigint      NOT NULL PRIMARY KEY CHECK (tenant_id > 0),
    name       text        NOT NULL COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Grows with every change of a tenant's attribute types: what nodes ask for to know whether their copy is the newest.
CREATE TABLE registry_version (
    tenant_id bigint NOT NULL PRIMARY KEY REFERENCES tenant ON DELETE CASCADE,
    version   bigint NOT NULL
) WITH (fillfactor = 50);

INSERT INTO tenant (tenant_id, name) VALUES (1, 'default');
INSERT INTO registry_version (tenant_id, version) VALUES (1, 1);

-- One id space for all tenants, never used twice.
CREATE SEQUENCE attribute_id_seq AS integer;

CREATE TABLE attr_type (
    tenant_id    bigint      NOT NULL REFERENCES tenant,
    attribute_id integer     NOT NULL DEFAULT nextval('attribute_id_seq'),
    name         text        NOT NULL COLLATE "C",
    data_type    text        NOT NULL COLLATE "C" CHECK (data_type IN ('number', 'text', 'ts', 'bool', 'json')),
    filterable   boolean     NOT NULL,
    hot          boolean     NOT NULL,
    unit         text,
    description  text,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, attribute_id),
    UNIQUE (tenant_id, name)
);

-- Ids that are given out begin far above those that people bring along; a clash is tried again.
CREATE SEQUENCE entity_id_seq AS bigint START 1099511627776 CACHE 100;

-- The truth: a document keyed by attribute id. changed_attributes says what this version changed, for capture.
CREATE TABLE entity (
    tenant_id          bigint      NOT NULL,
    entity_id          bigint      NOT NULL CHECK (entity_id > 0),
    entity_type        text        NOT NULL COLLATE "C",
    version            bigint      NOT NULL,
    document           jsonb       NOT NULL,
    changed_attributes integer[]   NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, entity_id)
) PARTITION BY HASH (entity_id);

CREATE INDEX entity_type_index ON entity (tenant_id, entity_type, entity_id);

-- The index over the documents: one row per filterable value, and for each row exactly one index entry. There is no
-- primary key: a row is found again by its old value, which the old document holds. Index entries are limited to about
-- 2.7 kB, hence a key of at most 500 characters (2,000 bytes) for text; longer text is rechecked in the document.
CREATE TABLE entity_attribute (
    tenant_id      bigint  NOT NULL,
    attribute_id   integer NOT NULL,
    entity_id      bigint  NOT NULL,
    value_number   double precision,
    value_text     text COLLATE "C",
    value_ts       timestamptz,
    value_bool     boolean,
    value_jsonb    jsonb,
    value_text_key text COLLATE "C" GENERATED ALWAYS AS (left(value_text, 500)) STORED,
    CHECK (num_nonnulls(value_number, value_text, value_ts, value_bool, value_jsonb) = 1)
) PARTITION BY HASH (attribute_id);

CREATE INDEX entity_attribute_number ON entity_attribute (tenant_id, attribute_id, value_number, entity_id)
    WHERE value_number IS NOT NULL;
CREATE INDEX entity_attribute_text ON entity_attribute (tenant_id, attribute_id, value_text_key, entity_id)
    WHERE value_text_key IS NOT NULL;
-- Text beyond the key, so that an ordered scan can know whether the key decides the order. Almost always empty.
CREATE INDEX entity_attribute_long_text ON entity_attribute (tenant_id, attribute_id)
    WHERE value_text_key IS NOT NULL AND char_length(value_text) > 500;
CREATE INDEX entity_attribute_ts ON entity_attribute (tenant_id, attribute_id, value_ts, entity_id)
    WHERE value_ts IS NOT NULL;
CREATE INDEX entity_attribute_bool ON entity_attribute (tenant_id, attribute_id, value_bool, entity_id)
    WHERE value_bool IS NOT NULL;
CREATE INDEX entity_attribute_jsonb ON entity_attribute (tenant_id, attribute_id, entity_id)
    WHERE value_jsonb IS NOT NULL;
CREATE INDEX entity_attribute_jsonb_path ON entity_attribute USING gin (value_jsonb jsonb_path_ops)
    WHERE value_jsonb IS NOT NULL;

DO $$
BEGIN
    FOR i IN 0..7 LOOP
        EXECUTE format(
            'CREATE TABLE entity_p%s PARTITION OF entity FOR VALUES WITH (MODULUS 8, REMAINDER %s) WITH (fillfactor = 85)',
            i, i);
    END LOOP;
    FOR i IN 0..15 LOOP
        EXECUTE format(
            'CREATE TABLE entity_attribute_p%s PARTITION OF entity_attribute FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
            i, i);
    END LOOP;
END
$$;

-- One row per incarnation of a node, written about every 100 ms. lsn is the log's flushed end before the row's own
-- commit; a plain number, since it travels through capture.
CREATE TABLE heartbeat (
    node_id   text        NOT NULL COLLATE "C" PRIMARY KEY,
    sequence  bigint      NOT NULL,
    system_id bigint      NOT NULL,
    timeline  integer     NOT NULL,
    lsn       bigint      NOT NULL,
    sent_at   timestamptz NOT NULL
) WITH (fillfactor = 20, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

CREATE PUBLICATION atlas FOR TABLE entity, attr_type, tenant, heartbeat WITH (publish_via_partition_root = true);

-- The role of the service sees the rows of the tenant it has named in atlas.tenant_id, and no others.
ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE attr_type ENABLE ROW LEVEL SECURITY;
ALTER TABLE entity ENABLE ROW LEVEL SECURITY;
ALTER TABLE entity_attribute ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant_isolation ON tenant
    USING (tenant_id = (SELECT nullif(current_setting('atlas.tenant_id', true), '')::bigint));
CREATE POLICY tenant_isolation ON registry_version
    USING (tenant_id = (SELECT nullif(current_setting('atlas.tenant_id', true), '')::bigint));
CREATE POLICY tenant_isolation ON attr_type
    USING (tenant_id = (SELECT nullif(current_setting('atlas.tenant_id', true), '')::bigint));
CREATE POLICY tenant_isolation ON entity
    USING (tenant_id = (SELECT nullif(current_setting('atlas.tenant_id', true), '')::bigint));
CREATE POLICY tenant_isolation ON entity_attribute
    USING (tenant_id = (SELECT nullif(current_setting('atlas.tenant_id', true), '')::bigint));

-- A writer's first statement. It holds off a change of "filterable" until the writer is done, and answers with the
-- version of the registry as it is then: the second statement of a volatile function sees what was committed before
-- it began, hence all that the lock waited for. NULL where there is no such tenant.
CREATE FUNCTION atlas_begin_write(tenant bigint) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('atlas.filterable', tenant));
    RETURN (SELECT version FROM registry_version WHERE tenant_id = tenant);
END
$$;

-- The counterpart: waits for the writers of this tenant and keeps new ones out until the transaction ends.
CREATE FUNCTION atlas_begin_filterable_change(tenant bigint) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('atlas.filterable', tenant))
$$;

-- What a service may ask across tenants: which there are, and how new their registries are. Nothing of what they hold.
CREATE FUNCTION atlas_registry_versions(tenants bigint[]) RETURNS TABLE (tenant_id bigint, version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT r.tenant_id, r.version FROM registry_version r WHERE r.tenant_id = ANY (tenants)
$$;

CREATE FUNCTION atlas_tenants() RETURNS TABLE (tenant_id bigint, name text, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT t.tenant_id, t.name, t.created_at FROM tenant t ORDER BY t.tenant_id
$$;

-- Creates a tenant, with the id that is asked for or the next one; no row when that id is taken.
CREATE FUNCTION atlas_create_tenant(wanted_id bigint, tenant_name text) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    created_id bigint;
BEGIN
    -- One at a time, so that the next id is free.
    PERFORM pg_advisory_xact_lock(hashtextextended('atlas.tenant', 0));
    INSERT INTO tenant (tenant_id, name)
    VALUES (coalesce(wanted_id, (SELECT max(t.tenant_id) + 1 FROM tenant t), 1), tenant_name)
    ON CONFLICT DO NOTHING
    RETURNING tenant.tenant_id INTO created_id;
    IF created_id IS NOT NULL THEN
        INSERT INTO registry_version (tenant_id, version) VALUES (created_id, 1);
        RETURN NEXT created_id;
    END IF;
END
$$;

REVOKE EXECUTE ON FUNCTION atlas_begin_write, atlas_begin_filterable_change, atlas_registry_versions, atlas_tenants,
    atlas_create_tenant FROM PUBLIC;
GRANT EXECUTE ON FUNCTION atlas_begin_write, atlas_begin_filterable_change, atlas_registry_versions, atlas_tenants,
    atlas_create_tenant TO ${service_role};

GRANT SELECT ON tenant TO ${service_role};
GRANT SELECT, UPDATE ON registry_version TO ${service_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON attr_type, entity, entity_attribute, heartbeat TO ${service_role};
GRANT USAGE ON SEQUENCE attribute_id_seq, entity_id_seq TO ${service_role};
