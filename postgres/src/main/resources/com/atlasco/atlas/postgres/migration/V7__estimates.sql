-- Whether an attribute has text that its key cuts off. PostgreSQL has no statistics of an expression in an index's
-- condition: it takes a third of all texts to be long, expects the first of them at once, and reads the whole table where
-- there is none. The index of long texts is read instead.
CREATE FUNCTION atlas_has_long_text(tenant bigint, attribute integer) RETURNS boolean
    LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT EXISTS (SELECT FROM entity_attribute p WHERE p.tenant_id = tenant AND p.attribute_id = attribute
        AND p.value_text_key IS NOT NULL AND char_length(p.value_text) > 500)
$$;

REVOKE EXECUTE ON FUNCTION atlas_has_long_text FROM PUBLIC;
GRANT EXECUTE ON FUNCTION atlas_has_long_text TO ${service_role};

-- A function that is not volatile may not run EXPLAIN, which this one does from 100,000 rows on.
ALTER FUNCTION atlas_estimate_rows(bigint, integer) VOLATILE;
