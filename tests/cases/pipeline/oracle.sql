-- index: pipeline
SELECT a.id::text, json_build_object('id', a.id, 'title', a.title, 'state', a.state, 'views', a.views, 'passed', 'yes',
  'comments', (SELECT json_agg(c.body ORDER BY c.id) FROM comment c WHERE c.article_id = a.id))::text
FROM article a
WHERE a.state IS DISTINCT FROM 'draft' AND (a.views % 4) IS DISTINCT FROM 3
  AND (SELECT count(*) FROM comment c WHERE c.article_id = a.id) <= 2
