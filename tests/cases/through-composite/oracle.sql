-- index: through_composite
SELECT replace(replace(c.country, '\', '\\'), '|', '\|') || '|' || replace(replace(c.name, '\', '\\'), '|', '\|'),
  json_build_object('name', c.name, 'people', c.people,
    'firms', (SELECT json_agg(json_build_object('title', f.title) ORDER BY f.code, f.number, o.id)
              FROM office o JOIN firm f ON (f.code, f.number) = (o.firm_code, o.firm_number)
              WHERE (o.land, o.town) = (c.country, c.name)),
    'reaches', (SELECT json_agg(t.name ORDER BY t.country, t.name, r.id)
                FROM road r JOIN city t ON (t.country, t.name) = (r.to_land, r.to_town)
                WHERE (r.from_land, r.from_town) = (c.country, c.name)))::text
FROM city c
