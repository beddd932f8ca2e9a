-- index: where_routed
SELECT a.id::text, json_build_object('id', a.id, 'region', a.region,
  'entries', (SELECT json_agg(e.name ORDER BY e.id) FROM entry e WHERE e.account_id = a.id AND e.name <> 'entry 3'))::text
FROM account a WHERE coalesce(a.state, '') <> 'state 1'
