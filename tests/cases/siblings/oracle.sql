-- index: siblings
SELECT t.id::text, json_build_object('name', t.name,
  'names', (SELECT json_agg(p.name ORDER BY p.id) FROM player p WHERE p.team_id = t.id),
  'numbers', (SELECT json_agg(json_build_object('id', p.id, 'number', p.number) ORDER BY p.id) FROM player p WHERE p.team_id = t.id),
  'lent', (SELECT json_agg(json_build_object('name', p.name, 'from', (SELECT f.name FROM team f WHERE f.id = p.team_id)) ORDER BY p.id, l.id)
           FROM lent l JOIN player p ON p.id = l.player_id WHERE l.team_id = t.id))::text
FROM team t
