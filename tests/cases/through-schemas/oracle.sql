-- index: through_schemas
SELECT b.id::text, json_build_object('title', b.title, 'authors',
  (SELECT json_agg(json_build_object('id', a.id, 'name', a.name) ORDER BY a.id, x.id)
   FROM joins.book_author x JOIN people.author a ON a.id = x.author_id WHERE x.book_id = b.id))::text
FROM book b
