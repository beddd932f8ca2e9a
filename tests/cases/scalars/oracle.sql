-- index: scalars
SELECT b.id::text, json_build_object('title', b.title,
  'kind', (SELECT k.name FROM kind k WHERE k.id = b.kind_id),
  'amounts', (SELECT json_agg(p.amount ORDER BY p.day) FROM price p WHERE p.book_id = b.id),
  'numbers', (SELECT json_agg(p.details -> 'n' ORDER BY p.day) FROM price p WHERE p.book_id = b.id))::text
FROM book b
