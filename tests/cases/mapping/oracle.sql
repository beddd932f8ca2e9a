-- index: mapping
SELECT a.id::text, json_build_object('id', a.id, 'title', a.title, 'body', a.body, 'tags', a.tags, 'day', a.day, 'comments',
  (SELECT json_agg(json_build_object('author', c.author, 'text', c.text) ORDER BY c.id) FROM comment c WHERE c.article_id = a.id))::text
FROM article a
