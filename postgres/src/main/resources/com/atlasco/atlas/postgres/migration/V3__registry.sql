-- Attribute types: constraints, retirement, and a pivot that follows a change of filterable in the background.

ALTER TABLE attr_type
    ADD COLUMN constraints     jsonb   NOT NULL DEFAULT '{}',
    ADD COLUMN pivot_state     text    NOT NULL DEFAULT 'none' COLLATE "C"
        CHECK (pivot_state IN ('none', 'filling', 'ready', 'emptying')),
    ADD COLUMN retired         boolean NOT NULL DEFAULT false,
    -- The version of the registry that this row came with: a node reads only what is newer than its copy.
    ADD COLUMN changed_version bigint  NOT NULL DEFAULT 0;

UPDATE attr_type SET pivot_state = 'ready' WHERE filterable;

CREATE INDEX attr_type_changed ON attr_type (tenant_id, changed_version);

-- Large constraints move out of the row, people's words stay in it: capture is not told of values out of the row that an
-- update leaves alone.
ALTER TABLE attr_type
    ALTER COLUMN description SET STORAGE MAIN,
    ALTER COLUMN unit SET STORAGE MAIN,
    ALTER COLUMN name SET STORAGE MAIN;

-- What is left to do in the pivot: a row per attribute whose state is filling or emptying. Not published: progress says
-- nothing of the data. Whoever does a part of the work locks the row until that part is committed.
CREATE TABLE pivot_job (
    tenant_id    bigint      NOT NULL REFERENCES tenant ON DELETE CASCADE,
    attribute_id integer     NOT NULL,
    -- Filling: the entities up to this one are done.
    done_through bigint      NOT NULL DEFAULT 0,
    rows_done    bigint      NOT NULL DEFAULT 0,
    rows_total   bigint      NOT NULL,
    complete     boolean     NOT NULL DEFAULT false,
    started_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, attribute_id)
) WITH (fillfactor = 50);

ALTER TABLE pivot_job ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON pivot_job
    USING (tenant_id = (SELECT nullif(current_setting('atlas.tenant_id', true), '')::bigint));

-- What a service may ask across tenants: where there is work, and nothing of what it is about.
CREATE FUNCTION atlas_pivot_jobs() RETURNS TABLE (tenant_id bigint, attribute_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT j.tenant_id, j.attribute_id FROM pivot_job j ORDER BY j.started_at, j.tenant_id, j.attribute_id
$$;

REVOKE EXECUTE ON FUNCTION atlas_pivot_jobs FROM PUBLIC;
GRANT EXECUTE ON FUNCTION atlas_pivot_jobs TO ${service_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON pivot_job TO ${service_role};

-- How much a job has to do: counted up to 100,000 rows, beyond that as the planner guesses; for the owner, since the
-- policies would be guessed at, too.
CREATE FUNCTION atlas_estimate_rows(tenant bigint, attribute integer) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    query text := CASE WHEN attribute IS NULL
        THEN format('SELECT FROM entity WHERE tenant_id = %s', tenant)
        ELSE format('SELECT FROM entity_attribute WHERE tenant_id = %s AND attribute_id = %s', tenant, attribute) END;
    counted bigint;
    plan json;
BEGIN
    EXECUTE format('SELECT count(*) FROM (%s LIMIT 100000) x', query) INTO counted;
    IF counted = 100000 THEN
        EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
        counted := greatest(counted, (plan -> 0 -> 'Plan' ->> 'Plan Rows')::bigint);
    END IF;
    RETURN counted;
END
$$;

REVOKE EXECUTE ON FUNCTION atlas_estimate_rows FROM PUBLIC;
GRANT EXECUTE ON FUNCTION atlas_estimate_rows TO ${service_role};
