-- index: cascades
SELECT z.id::text, json_build_object('name', z.name, 'routes',
  (SELECT json_agg(json_build_object('name', r.name, 'stops', r.stops, 'of',
     (SELECT json_agg(json_build_object('name', s.name, 'benches',
        (SELECT json_agg(b.colour ORDER BY b.id) FROM bench b WHERE (b.route_id, b.number) = (s.route_id, s.number))) ORDER BY s.number)
      FROM stop s WHERE s.route_id = r.id)) ORDER BY r.id)
   FROM route r WHERE r.zone_id = z.id))::text
FROM zone z
