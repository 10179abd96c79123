-- The classic query over entity–attribute–value rows, written by hand: one join of the pivot per attribute.
-- "The first hundred active entities in the US with a score above 80."
--
--   psql -v tenant=1 -f self-join.sql
--
-- It gives right answers on this schema; Atlas itself asks differently (one covering index, the rest from the document).
--
-- On value_text_key: the indexes hold the first 500 characters of a text. A condition on value_text_key can use the
-- index; a condition on value_text alone is right but reads every row of the attribute. For texts of up to 500
-- characters the key is the whole text. For longer ones write both, as below: the key finds, the text decides.
-- The role of the service sees only the tenant named in atlas.tenant_id.
SELECT set_config('atlas.tenant_id', :'tenant', false);

SELECT status.entity_id, country.value_text AS country, score.value_number AS score
FROM entity_attribute AS status
JOIN entity_attribute AS country
    ON country.tenant_id = status.tenant_id AND country.entity_id = status.entity_id
JOIN entity_attribute AS score
    ON score.tenant_id = status.tenant_id AND score.entity_id = status.entity_id
WHERE status.tenant_id = :tenant
  AND status.attribute_id = (SELECT attribute_id FROM attr_type WHERE tenant_id = :tenant AND name = 'status')
  AND status.value_text_key = left('active', 500) AND status.value_text = 'active'
  AND country.attribute_id = (SELECT attribute_id FROM attr_type WHERE tenant_id = :tenant AND name = 'country')
  AND country.value_text_key = left('US', 500) AND country.value_text = 'US'
  AND score.attribute_id = (SELECT attribute_id FROM attr_type WHERE tenant_id = :tenant AND name = 'score')
  AND score.value_number > 80
ORDER BY status.entity_id
LIMIT 100;
