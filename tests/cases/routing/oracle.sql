-- index: routing
SELECT t.id::text, json_build_object('id', t.id, 'zone', replace(t.region, 'e', 'E!'), 'note', t.note,
  'parts', (SELECT json_agg(p.name ORDER BY p.id) FROM part p WHERE p.thing_id = t.id))::text
FROM thing t
-- index: routing_by_owner
SELECT t.id::text, json_build_object('id', t.id, 'owner_id', t.owner_id,
  'owner', (SELECT json_build_object('name', o.name) FROM owner o WHERE o.id = t.owner_id))::text
FROM thing t
-- index: routing_by_key
SELECT o.id::text, json_build_object('id', o.id, 'name', o.name)::text
FROM owner o
