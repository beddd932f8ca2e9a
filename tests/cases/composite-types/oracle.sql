-- index: composite_types
SELECT p.id::text, json_build_object('id', p.id, 'home', p.home, 'places', p.places, 'awake', p.awake,
  'visits', (SELECT json_agg(v.at ORDER BY v.id) FROM visit v WHERE v.person_id = p.id))::text
FROM person p
