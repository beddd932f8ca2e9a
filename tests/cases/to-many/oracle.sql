-- index: to_many
SELECT b.isbn, json_build_object('isbn', b.isbn, 'title', b.title, 'reviews',
  (SELECT json_agg(json_build_object('stars', r.stars, 'body', r.body, 'id', r.id) ORDER BY r.id)
   FROM review r WHERE r.isbn = b.isbn))::text
FROM book b
