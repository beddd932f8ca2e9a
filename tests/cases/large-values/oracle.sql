-- index: large_values_paper
SELECT p.id::text, json_build_object('id', p.id, 'title', p.title, 'body', p.body, 'data', p.data,
  'about', (SELECT json_agg(a.text ORDER BY a.id) FROM about a WHERE a.topic = p.topic), 'notes',
  (SELECT json_agg(json_build_object('stars', n.stars, 'body', n.body) ORDER BY n.id) FROM note n WHERE n.paper_id = p.id))::text
FROM paper p
-- index: large_values_key
SELECT k.k, json_build_object('number', k.number, 'paper', (SELECT p.title FROM paper p WHERE p.id = k.paper_id))::text
FROM key_of_length k
