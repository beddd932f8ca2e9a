-- index: schemas
SELECT t.id::text, json_build_object('id', t.id, 'name', t.name, 'parts',
  (SELECT json_agg(json_build_object('name', p.name) ORDER BY p.id) FROM "Lower One".thing p WHERE p.thing_id = t.id))::text
FROM upper_one.thing t
