-- index: labels
SELECT t.id::text, json_build_object('id', t.id, 'b', t.a, 'a', t.b, 'size.width', t."size.width", 'size.height', t."size.height",
  'parts.all', (SELECT json_agg(json_build_object('b', p.a, 'a', p.b) ORDER BY p.id) FROM part p WHERE p.thing_id = t.id),
  'owner', (SELECT json_build_object('name', o.a) FROM owner o WHERE o.thing_id = t.id))::text
FROM thing t
