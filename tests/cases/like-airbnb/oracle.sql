-- index: like_airbnb
SELECT o.id::text, json_build_object('id', o.id, 'stay_id', o.stay_id, 'rating', o.rating, 'text', o.text, 'stay',
  (SELECT json_build_object('id', s.id, 'guest_id', s.guest_id, 'home_id', s.home_id, 'from', s.begins, 'until', s.ends, 'price', s.price,
     'guest', (SELECT json_build_object('id', g.id, 'name', g.name) FROM guest g WHERE g.id = s.guest_id),
     'home', (SELECT json_build_object('id', h.id, 'name', h.name, 'city_id', h.city_id, 'host_id', h.host_id,
                'city', (SELECT json_build_object('id', c.id, 'name', c.name, 'code', c.code) FROM city c WHERE c.id = h.city_id),
                'host', (SELECT t.email FROM host t WHERE t.id = h.host_id))
              FROM home h WHERE h.id = s.home_id))
   FROM stay s WHERE s.id = o.stay_id))::text
FROM opinion o
