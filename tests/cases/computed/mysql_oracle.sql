-- A division has as many digits as its operands say on MySQL and MariaDB: 16 behind the point here.
-- index: computed_customer
SELECT c.id::text, json_build_object('id', c.id, 'name', c.first_name || ' ' || c."lastName",
  'named', c.first_name IS NOT NULL, 'parts', ARRAY[c.first_name, c."lastName"], 'plan', c.doc -> 'plan', 'born', c.born + 1,
  'invoices', (SELECT json_agg(json_build_object('id', i.id, 'cents', round(i.amount * 100)::bigint,
      'gross', i.amount + i.amount * i.vat, 'each', round(i.amount::numeric(40, 20) / nullif(i.pieces, 0), 16),
      'state', CASE WHEN i.paid THEN 'paid' ELSE 'open' END,
      'line', i.id || ': ' || CASE WHEN i.paid THEN 'paid' ELSE 'open' END) ORDER BY i.id)
    FROM invoice i WHERE i.customer_id = c.id AND i.amount > 2),
  'largest', (SELECT json_agg(l.amount + l.amount ORDER BY l.amount DESC NULLS LAST, l.id) FROM (SELECT * FROM invoice i
    WHERE i.customer_id = c.id ORDER BY i.amount DESC NULLS LAST, i.id LIMIT 2) l),
  'street', a.street,
  'whole', replace(CASE WHEN a.town IS NULL THEN a.street ELSE a.street || ', ' || a.town END, 'street', 'St.'),
  'tags', (SELECT json_agg(upper(t.name) || '/' || CASE WHEN t.level IS NULL THEN '-' ELSE t.level::text END ORDER BY t.id)
    FROM customer_tag x JOIN tag t ON t.id = x.tag_id WHERE x.customer_id = c.id))::text
FROM customer c LEFT JOIN address a ON a.customer_id = c.id
-- index: computed_invoice
SELECT i.id::text, json_build_object('id', i.id,
  'customer', (SELECT left(c."lastName", 6) FROM customer c WHERE c.id = i.customer_id))::text
FROM invoice i
