SELECT a.id::text, json_build_object(
  'id', a.id, 'name', a.name,
  'books', (SELECT json_agg(json_build_object(
              'isbn', b.isbn, 'title', b.title,
              'publisher', (SELECT p.name FROM publisher p WHERE p.id = b.publisher_id)) ORDER BY b.isbn COLLATE "C")
            FROM book b WHERE b.isbn IN (SELECT l.book_isbn FROM book_author l WHERE l.author_id = a.id)))::text
FROM author a
