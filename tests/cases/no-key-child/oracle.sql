-- index: no_key_child
SELECT a.id::text, json_build_object('id', a.id, 'name', a.name,
  'entries', (SELECT json_agg(json_build_object('amount', e.amount, 'day', e.day, 'note', e.note) ORDER BY e.amount, e.day, e.note)
              FROM entry e WHERE e.account_id = a.id),
  'tags', (SELECT json_agg(t.tag ORDER BY t.tag) FROM tag t WHERE t.account_id = a.id))::text
FROM account a
