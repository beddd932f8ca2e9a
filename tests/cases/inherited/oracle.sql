-- index: inherited
SELECT i.id || '|' || i.kind, json_build_object('id', i.id, 'kind', i.kind, 'title', i.title,
  'remarks', (SELECT json_agg(json_build_object('id', r.id, 'text', r.text) ORDER BY r.id, r.text)
              FROM remark r WHERE (r.item_id, r.item_kind) = (i.id, i.kind)),
  'shelves', (SELECT json_agg(s.name ORDER BY s.id) FROM placed p JOIN shelf s ON s.id = p.shelf_id
              WHERE (p.item_id, p.item_kind) = (i.id, i.kind)))::text
FROM item i
