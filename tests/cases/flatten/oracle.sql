-- index: flatten
SELECT b.id::text, jsonb_build_object('id', b.id, 'title', b.title, 'publisher_name', p.name, 'country_code', c.code,
  'country', c.name,
  'country_text', CASE WHEN c.code IS NOT NULL THEN concat_ws(' ', nullif(c.name, ''), nullif(c.code, '')) END,
  'offices', coalesce((SELECT jsonb_agg(jsonb_build_object('id', o.id, 'street', o.street) ORDER BY o.id)
     FROM office o WHERE o.publisher = p.id), '[]'),
  'tags', coalesce((SELECT jsonb_agg(t.name ORDER BY t.id) FROM book_tag bt JOIN tag t ON t.id = bt.tag WHERE bt.book = b.id), '[]'),
  'pages', (SELECT jsonb_agg(jsonb_build_object('words', g.words) ORDER BY g.id) FROM page g WHERE g.book = b.id))::text
FROM book b LEFT JOIN publisher p ON p.id = b.publisher LEFT JOIN country c ON c.code = p.country
