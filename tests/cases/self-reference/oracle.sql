-- index: self_reference
SELECT p.id::text, json_build_object('name', p.name,
  'parent', (SELECT json_build_object('name', u.name) FROM person u WHERE u.id = p.parent_id),
  'children', (SELECT json_agg(json_build_object('name', c.name, 'children',
                 (SELECT json_agg(g.name ORDER BY g.id) FROM person g WHERE g.parent_id = c.id)) ORDER BY c.id)
               FROM person c WHERE c.parent_id = p.id))::text
FROM person p
