SELECT b.isbn, json_build_object(
  'isbn', b.isbn, 'title', b.title, 'price', b.price, 'published', b.published, 'pages', b.details -> 'pages',
  'publisher', (SELECT json_build_object('name', p.name, 'country', p.country) FROM publisher p WHERE p.id = b.publisher_id),
  'authors', (SELECT json_agg(a.name ORDER BY a.id)
              FROM author a WHERE a.id IN (SELECT l.author_id FROM book_author l WHERE l.book_isbn = b.isbn)),
  'reviews', (SELECT json_agg(json_build_object(
                'id', r.id, 'stars', r.stars, 'body', r.body,
                'reader', (SELECT d.name FROM reader d WHERE d.id = r.reader_id),
                'replies', (SELECT json_agg(json_build_object('id', y.id, 'body', y.body) ORDER BY y.id)
                            FROM reply y WHERE y.review_id = r.id)) ORDER BY r.id)
              FROM review r WHERE r.book_isbn = b.isbn))::text
FROM book b
