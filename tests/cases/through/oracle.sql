-- index: through
SELECT b.id::text, json_build_object('id', b.id, 'title', b.title,
  'authors', (SELECT json_agg(json_build_object('id', a.id, 'name', a.name, 'publisher',
                (SELECT json_build_object('name', p.name) FROM publisher p WHERE p.id = a.publisher_id)) ORDER BY a.id)
              FROM book_author x JOIN author a ON a.id = x.author_id WHERE x.book_id = b.id),
  'subjects', (SELECT json_agg(s.name ORDER BY s.id, x.id)
               FROM book_subject x JOIN subject s ON s.id = x.subject_id WHERE x.book_id = b.id),
  'shelf', (SELECT json_agg(json_build_object('room', s.room, 'place', s.place) ORDER BY s.id)
            FROM book_shelf x JOIN shelf s ON s.id = x.shelf_id WHERE x.book_id = b.id))::text
FROM book b
