-- index: replica_identity
SELECT s.id::text, json_build_object('flag', s.flag, 'cabins',
  (SELECT json_agg(json_build_object('number', c.number, 'passengers',
     (SELECT json_agg(p.name ORDER BY p.id) FROM passenger p WHERE p.cabin_id = c.id)) ORDER BY c.id)
   FROM cabin c WHERE c.ship_id = s.id))::text
FROM ship s
