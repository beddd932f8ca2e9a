-- index: generated
SELECT c.id::text, json_build_object('name', c.name, 'area', c.area,
  'marks', (SELECT json_agg(json_build_object('far', m.far, 'place', m.place) ORDER BY m.id) FROM mark m WHERE m.circle_id = c.id),
  'places', (SELECT json_agg(m.place ORDER BY m.id) FROM mark m WHERE m.circle_id = c.id))::text
FROM circle c
