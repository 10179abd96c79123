-- What the tables' upkeep costs, and when it is done; measured, see docs/decisions/0016-upkeep-of-the-tables.md.

-- A sample has 300 rows for each unit of the largest target, and an analysis sorts every column that has one. Documents,
-- and what changed in them, are never searched by the database, and sorting 30,000 of them took most of the time.
ALTER TABLE entity
    ALTER COLUMN tenant_id SET STATISTICS 20,
    ALTER COLUMN entity_id SET STATISTICS 20,
    ALTER COLUMN entity_type SET STATISTICS 20,
    ALTER COLUMN version SET STATISTICS 0,
    ALTER COLUMN document SET STATISTICS 0,
    ALTER COLUMN changed_attributes SET STATISTICS 0,
    ALTER COLUMN updated_at SET STATISTICS 20;

ALTER TABLE entity_attribute
    ALTER COLUMN tenant_id SET STATISTICS 20,
    ALTER COLUMN attribute_id SET STATISTICS 20,
    ALTER COLUMN entity_id SET STATISTICS 20,
    ALTER COLUMN value_number SET STATISTICS 20,
    ALTER COLUMN value_text SET STATISTICS 0,
    ALTER COLUMN value_ts SET STATISTICS 20,
    ALTER COLUMN value_bool SET STATISTICS 20,
    ALTER COLUMN value_jsonb SET STATISTICS 0,
    ALTER COLUMN value_text_key SET STATISTICS 20;

-- Rows that come make their pages visible to all soon, so that covering indexes need no look at the table; rows that go
-- are removed before a table of 100 million has gathered 20 million of them.
DO $$
DECLARE
    part text;
BEGIN
    FOR part IN
        SELECT inhrelid::regclass::text FROM pg_inherits
        WHERE inhparent IN ('entity'::regclass, 'entity_attribute'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_vacuum_scale_factor = 0.02,'
            ' autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.1)', part);
    END LOOP;
END
$$;

-- Writers ask by themselves, in two statements.
DROP FUNCTION atlas_begin_write(bigint);
