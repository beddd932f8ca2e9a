-- index: no_foreign_keys
SELECT s.id::text, json_build_object('name', s.name,
  'units', (SELECT json_agg(json_build_object('id', u.id, 'cost', u.cost, 'structures',
              (SELECT json_agg(t.name ORDER BY t.id) FROM structure t WHERE t.unit_id = u.id)) ORDER BY u.id)
            FROM unit u WHERE u.species_name = s.name),
  'first_of_the_family', (SELECT json_build_object('id', t.id, 'name', t.name) FROM structure t
                          WHERE t.family = s.family ORDER BY t.id LIMIT 1))::text
FROM species s
