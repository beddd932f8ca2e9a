-- index: order_limit
SELECT s.id::text, jsonb_build_object('name', s.name,
  'best', (SELECT jsonb_agg(jsonb_build_object('amount', x.amount, 'note', x.note) ORDER BY x.amount DESC NULLS LAST, x.day NULLS FIRST, x.id)
     FROM (SELECT * FROM sale WHERE sale.shop = s.id ORDER BY amount DESC NULLS LAST, day NULLS FIRST, id LIMIT 2) x),
  'days', (SELECT jsonb_agg(x.day ORDER BY x.day DESC NULLS LAST, x.id) FROM sale x WHERE x.shop = s.id),
  'latest', (SELECT jsonb_build_object('note', x.note) FROM sale x WHERE x.shop = s.id
     ORDER BY x.day DESC NULLS LAST, x.amount NULLS LAST, x.id LIMIT 1),
  'cheap', (SELECT jsonb_agg(jsonb_build_object('name', x.name, 'parts',
       (SELECT jsonb_agg(p.name) FROM (SELECT name FROM part WHERE part.item = x.id ORDER BY part.id LIMIT 1) p))
       ORDER BY x.price NULLS LAST, x.id)
     FROM (SELECT i.* FROM shop_item si JOIN item i ON i.id = si.item WHERE si.shop = s.id ORDER BY i.price NULLS LAST, i.id LIMIT 3) x),
  'dear', (SELECT jsonb_agg(x.name ORDER BY x.price DESC NULLS LAST, x.name NULLS LAST, x.id)
     FROM shop_item si JOIN item x ON x.id = si.item WHERE si.shop = s.id AND x.price IS NOT NULL))::text
FROM shop s
