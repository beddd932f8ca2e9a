-- index: short_form
SELECT b.id::text, json_build_object('title', b.title,
  'publisher', (SELECT json_build_object('id', p.id, 'name', p.name) FROM publisher p WHERE p.id = b.publisher_id),
  'authors', (SELECT json_agg(a.name ORDER BY a.id) FROM book_author x JOIN author a ON a.id = x.author_id WHERE x.book_id = b.id),
  'reviews', (SELECT json_agg(json_build_object('id', r.id, 'body', r.body) ORDER BY r.id) FROM review r WHERE r.book_id = b.id))::text
FROM book b
