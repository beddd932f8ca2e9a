-- index: like_book
SELECT b.isbn, json_build_object('book_isbn', b.isbn, 'book_title', b.title, 'description', b.description, 'copyright', b.copyright, 'tags', b.tags,
  'doc_i', b.doc -> 'i', 'doc_bool', b.doc -> 'bool', 'firstname', b.doc -> 'firstname', 'doc_coords_0', b.doc -> 'coords' -> 0,
  'doc_a_b_c_1', b.doc -> 'a' -> 'b' -> 'c' -> 1, 'doc_a,b,c_0', b.doc #> '{a,b,c}' -> 0,
  'book_authors', (SELECT json_agg(json_build_object('id', x.id, 'author_id', x.author_id) ORDER BY x.id) FROM book_author x WHERE x.book_isbn = b.isbn),
  'publisher', (SELECT json_build_object('publisher_name', p.name, 'publisher_id', p.id, 'is_active', p.is_active) FROM publisher p WHERE p.id = b.publisher_id),
  'languages', (SELECT json_agg(l.code ORDER BY l.id, x.id) FROM book_language x JOIN language l ON l.id = x.language_id WHERE x.book_isbn = b.isbn),
  'subjects', (SELECT json_agg(s.name ORDER BY s.id, x.id) FROM book_subject x JOIN subject s ON s.id = x.subject_id WHERE x.book_isbn = b.isbn),
  'authors', (SELECT json_agg(json_build_object('id', a.id, 'name', a.name, 'born', a.born, 'country',
                (SELECT json_build_object('country_name', c.name, 'id', c.id, 'continent',
                   (SELECT json_build_object('name', t.name) FROM continent t WHERE t.id = c.continent_id))
                 FROM country c WHERE c.id = a.country_id)) ORDER BY a.id, x.id)
              FROM book_author x JOIN author a ON a.id = x.author_id WHERE x.book_isbn = b.isbn),
  'rating', (SELECT r.value FROM rating r WHERE r.book_isbn = b.isbn))::text
FROM book b
