-- index: view_roots_books
SELECT b.isbn, jsonb_build_object('isbn', b.isbn, 'title', b.title, 'publisher', p.name,
  'of', jsonb_build_object('name', p.name, 'books', (SELECT count(*) FROM book o WHERE o.publisher_id = p.id)))::text
FROM book b JOIN publisher p ON p.id = b.publisher_id WHERE p.active
-- index: view_roots_print
SELECT code, jsonb_build_object('code', code, 'title', title)::text
FROM (SELECT 'b' || isbn AS code, title FROM book UNION ALL SELECT 'm' || issn, title FROM magazine) x
