-- index: views_books
SELECT b.id::text, jsonb_build_object('id', b.id, 'title', b.title,
  'authors', (SELECT jsonb_agg(jsonb_build_object('author_id', a.id, 'name', upper(a.name), 'country', c.name, 'row', a.name)
       ORDER BY a.id)
     FROM book_author ba JOIN author a ON a.id = ba.author_id LEFT JOIN country c ON c.code = a.country WHERE ba.book_id = b.id),
  'stars', (SELECT jsonb_build_object('reviews', count(*), 'stars', sum(r.stars))
     FROM review r WHERE r.book_id = b.id AND r.stars > 0 HAVING count(*) > 0))::text
FROM book b
-- index: views_countries
SELECT c.code, (to_jsonb(c) || jsonb_build_object('books',
  (SELECT jsonb_agg(jsonb_build_object('book_id', x.id, 'title', x.title, 'authors',
       (SELECT jsonb_agg(a.name ORDER BY a.id) FROM book_author ba JOIN author a ON a.id = ba.author_id
        WHERE ba.book_id = x.id AND a.name IS NOT NULL)) ORDER BY x.id)
   FROM (
     SELECT b.id, b.title
     FROM (SELECT 1) one LEFT JOIN (author a JOIN book_author ba ON ba.author_id = a.id JOIN book b ON b.id = ba.book_id)
       ON a.country = c.code
     WHERE b.hidden IS NOT true
   ) x)))::text
FROM country c
