-- index: like_geo
SELECT p.id::text, json_build_object(
  'id', p.id, 'title', p.title, 'location', to_json(p.location), 'outline', to_json(p.outline),
  'district', (SELECT json_build_object('name', d.name, 'border', to_json(d.border))
    FROM district d WHERE d.id = p.district_id))::text
FROM place p
