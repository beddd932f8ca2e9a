-- index: meta
SELECT b.isbn, jsonb_build_object('isbn', b.isbn, 'title', b.title,
  'publisher', (SELECT jsonb_build_object('name', p.name) FROM publisher p WHERE p.id = b.publisher_id),
  'name', (SELECT p.name FROM publisher p WHERE p.id = b.first_id),
  'authors', (SELECT jsonb_agg(jsonb_build_object('name', a.name,
      'marks', (SELECT jsonb_agg(m.stars ORDER BY m.stars) FROM mark m WHERE m.author_id = a.id)) ORDER BY a.id, x.id)
    FROM book_author x JOIN author a ON a.id = x.author_id WHERE x.isbn = b.isbn),
  'chapters', (SELECT jsonb_agg(c.heading ORDER BY c.number) FROM chapter c WHERE c.isbn = b.isbn),
  '_meta', jsonb_strip_nulls(jsonb_build_object(
    'book', jsonb_build_object('isbn', jsonb_build_array(b.isbn)),
    'publisher', (SELECT jsonb_build_object('id', jsonb_agg(p.id ORDER BY p.id)) FROM publisher p
                  WHERE p.id IN (b.publisher_id, b.first_id) HAVING count(*) > 0),
    'author', (SELECT jsonb_build_object('id', jsonb_agg(DISTINCT a.id ORDER BY a.id)) FROM book_author x
               JOIN author a ON a.id = x.author_id WHERE x.isbn = b.isbn HAVING count(*) > 0),
    'book_author', (SELECT jsonb_build_object('id', jsonb_agg(x.id ORDER BY x.id)) FROM book_author x
                    JOIN author a ON a.id = x.author_id WHERE x.isbn = b.isbn HAVING count(*) > 0),
    'chapter', (SELECT jsonb_build_object('isbn', jsonb_build_array(b.isbn), 'number', jsonb_agg(c.number ORDER BY c.number))
                FROM chapter c WHERE c.isbn = b.isbn HAVING count(*) > 0))))::text
FROM book b
