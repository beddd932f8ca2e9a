-- index: where_kinds_book
SELECT b.code, json_build_object('code', b.code, 'title', b.title,
  'authors', (SELECT json_agg(json_build_object('code', a.code, 'handle', a.handle,
      'lines', (SELECT json_agg(l.body ORDER BY l.number) FROM line l WHERE l.author = a.code
                AND strpos(l.body, '%') = 0 AND (l.number > 1 OR l.body <> ''))) ORDER BY a.code)
    FROM book_author x JOIN author a ON a.code = x.author
    WHERE x.book = b.code AND (a.state::text = 'open' OR lower(a.handle::text) = 'ann' OR a.born > '2019-12-31')))::text
FROM book b WHERE (b.price >= 3 AND b.price <= 14) OR array_position(b.tags, 'it''s') IS NOT NULL
-- index: where_kinds_author
SELECT a.code, json_build_object('code', a.code)::text
FROM author a WHERE strpos(a.code, 'x') > 0 AND (a.long IS NULL OR length(a.code) > 2) AND a.handle::text <> 'nobody'
