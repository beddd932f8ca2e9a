-- index: deep
SELECT c.id::text, json_build_object('name', c.name, 'cities', (
  SELECT json_agg(json_build_object('name', i.name, 'streets', (
    SELECT json_agg(json_build_object('name', s.name, 'houses', (
      SELECT json_agg(json_build_object('number', h.number, 'owner', (
        SELECT json_build_object('name', o.name, 'pets', (
          SELECT json_agg(json_build_object('name', p.name, 'toys', (
            SELECT json_agg(t.name ORDER BY t.id) FROM toy t WHERE t.pet_id = p.id)) ORDER BY p.id)
          FROM pet p WHERE p.owner_id = o.id))
        FROM owner o WHERE o.id = h.owner_id)) ORDER BY h.id)
      FROM house h WHERE h.street_id = s.id)) ORDER BY s.id)
    FROM street s WHERE s.city_id = i.id)) ORDER BY i.id)
  FROM city i WHERE i.country_id = c.id))::text
FROM country c
