-- index: two_foreign_keys_person
SELECT p.id::text, json_build_object('name', p.name,
  'sent', (SELECT json_agg(json_build_object('text', l.text, 'to', (SELECT r.name FROM person r WHERE r.id = l.receiver))
                           ORDER BY l.id) FROM letter l WHERE l.sender = p.id),
  'received', (SELECT json_agg(json_build_object('id', l.id, 'text', l.text) ORDER BY l.id) FROM letter l WHERE l.receiver = p.id),
  'favourite', (SELECT json_build_object('text', l.text) FROM letter l WHERE l.id = p.favourite_id))::text
FROM person p
