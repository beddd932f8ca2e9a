-- index: system_columns
SELECT s.id::text, jsonb_build_object('id', s.id, 'ctid', s.ctid::text,
  'items', (SELECT jsonb_agg(jsonb_build_object('id', i.id, 'ctid', i.ctid::text) ORDER BY i.id)
     FROM item i WHERE i.shelf = s.id))::text
FROM shelf s
