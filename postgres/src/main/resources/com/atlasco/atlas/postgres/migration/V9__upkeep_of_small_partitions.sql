-- Each vacuum and each analysis of a table makes every session plan its statements on it anew. By shares alone a partition
-- of a few thousand rows would have one every few seconds; measured, see docs/decisions/0016-upkeep-of-the-tables.md.
DO $$
DECLARE
    part text;
BEGIN
    FOR part IN SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'entity'::regclass
    LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_vacuum_threshold = 1000, autovacuum_analyze_threshold = 1000)', part);
    END LOOP;
    FOR part IN SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'entity_attribute'::regclass
    LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_vacuum_threshold = 10000, autovacuum_analyze_threshold = 10000,'
            ' autovacuum_vacuum_insert_threshold = 10000)', part);
    END LOOP;
END
$$;
