-- index: partitioned_reference
SELECT c.id::text, json_build_object('id', c.id, 'name', c.name, 'invoices',
  (SELECT json_agg(json_build_object('number', i.number, 'note', i.note, 'amounts',
     (SELECT json_agg(l.amount ORDER BY l.id) FROM line l WHERE (l.year, l.number) = (i.year, i.number))) ORDER BY i.number, i.year)
   FROM invoice i WHERE i.client_id = c.id))::text
FROM client c
