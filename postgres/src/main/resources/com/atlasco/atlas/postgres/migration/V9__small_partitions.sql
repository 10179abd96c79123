-- Each vacuum and each analysis of a partition makes every session plan its statements on it anew, those of replicas too.
-- So shares alone are not enough where partitions are small; measured, see docs/decisions/0016-upkeep-of-the-tables.md.
-- Dead documents are removed page by page as others are written, and no index has all that a page of them shows, so
-- partitions of entity are in less of a hurry than those of the pivot.
DO $$
DECLARE
    part record;
BEGIN
    FOR part IN
        SELECT inhrelid::regclass::text AS name, inhparent = 'entity'::regclass AS documents FROM pg_inherits
        WHERE inhparent IN ('entity'::regclass, 'entity_attribute'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_vacuum_threshold = 5000,'
            ' autovacuum_vacuum_insert_threshold = %s, autovacuum_analyze_threshold = %s,'
            ' autovacuum_analyze_scale_factor = 0.2)',
            part.name,
            CASE WHEN part.documents THEN 20000 ELSE 10000 END,
            CASE WHEN part.documents THEN 1000 ELSE 5000 END);
    END LOOP;
END
$$;
