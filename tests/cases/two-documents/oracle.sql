-- index: two_documents_book
SELECT b.id::text, json_build_object('title', b.title,
  'author', (SELECT json_build_object('name', a.name) FROM author a WHERE a.id = b.author_id),
  'readers', (SELECT json_agg(l.reader ORDER BY l.id) FROM loan l WHERE l.book_id = b.id))::text
FROM book b
-- index: two_documents_author
SELECT a.id::text, json_build_object('id', a.id, 'name', a.name, 'books',
  (SELECT json_agg(json_build_object('pages', b.pages, 'loans', (SELECT json_agg(l.id ORDER BY l.id) FROM loan l WHERE l.book_id = b.id)) ORDER BY b.id)
   FROM book b WHERE b.author_id = a.id))::text
FROM author a
-- index: two_documents_loan
SELECT l.id::text, json_build_object('reader', l.reader, 'book',
  (SELECT json_build_object('title', b.title, 'author', (SELECT a.name FROM author a WHERE a.id = b.author_id))
   FROM book b WHERE b.id = l.book_id))::text
FROM loan l
