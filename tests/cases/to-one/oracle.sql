-- index: to_one
SELECT b.id::text, json_build_object('id', b.id, 'title', b.title,
  'publisher', (SELECT json_build_object('name', p.name, 'country', p.country) FROM publisher p WHERE p.id = b.publisher_id),
  'cover', (SELECT json_build_object('colour', c.colour) FROM cover c WHERE c.book_id = b.id))::text
FROM book b
