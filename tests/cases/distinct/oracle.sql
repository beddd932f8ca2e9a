-- index: distinct_towns
SELECT t.land::text || '|' || t.number, jsonb_build_object('name', t.name,
  'streets', (SELECT jsonb_agg(x.street ORDER BY x.street NULLS LAST) FROM house x
     WHERE x.land = t.land AND x.number = t.number AND NOT EXISTS (SELECT FROM house y
       WHERE y.land = t.land AND y.number = t.number AND y.id < x.id
         AND lower(y.street::text) IS NOT DISTINCT FROM lower(x.street::text))),
  'floors', (SELECT jsonb_agg(x.floors ORDER BY x.floors DESC NULLS FIRST) FROM (SELECT floors FROM house h
     WHERE h.land = t.land AND h.number = t.number GROUP BY floors) x),
  'days', (SELECT jsonb_agg(x.built ORDER BY x.built NULLS LAST) FROM (SELECT built FROM house h
     WHERE h.land = t.land AND h.number = t.number GROUP BY built ORDER BY built NULLS LAST LIMIT 2) x),
  'prices', (SELECT jsonb_agg(x.price ORDER BY x.price DESC NULLS LAST) FROM (SELECT (array_agg(price ORDER BY id))[1] AS price
     FROM house h WHERE h.land = t.land AND h.number = t.number AND NOT h.gone
     GROUP BY price ORDER BY 1 DESC NULLS LAST LIMIT 2) x),
  'houses', (SELECT jsonb_agg(jsonb_build_object('id', h.id, 'ages',
     (SELECT jsonb_agg(x.age ORDER BY x.age NULLS LAST) FROM (SELECT s.age FROM house_style hs JOIN style s ON s.id = hs.style
        WHERE hs.house = h.id GROUP BY s.age) x)) ORDER BY h.id)
     FROM house h WHERE h.land = t.land AND h.number = t.number))::text
FROM town t
-- index: distinct_houses
SELECT h.id::text, jsonb_build_object('street', h.street,
  'styles', (SELECT jsonb_agg(x.name ORDER BY x.name NULLS LAST) FROM (SELECT s.name FROM house_style hs JOIN style s ON s.id = hs.style
     WHERE hs.house = h.id AND s.age IS NOT NULL GROUP BY s.name ORDER BY s.name NULLS LAST LIMIT 2) x),
  'beside', coalesce((SELECT jsonb_agg(x.street ORDER BY x.street NULLS LAST) FROM house x WHERE x.beside = h.id
     AND NOT EXISTS (SELECT FROM house y WHERE y.beside = h.id AND y.id < x.id
       AND lower(y.street::text) IS NOT DISTINCT FROM lower(x.street::text))), '[]'))::text
FROM house h
