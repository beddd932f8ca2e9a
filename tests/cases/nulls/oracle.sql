-- index: nulls
SELECT t.id::text, json_build_object('name', t.name, 'twin', t.twin,
  'region', (SELECT r.name FROM region r WHERE (r.a, r.b) = (t.a, t.b)),
  'shops', (SELECT json_agg(json_build_object('name', s.name, 'brands',
              (SELECT json_agg(b.name ORDER BY b.id) FROM sells x JOIN brand b ON b.code = x.brand_code WHERE x.shop_id = s.id)) ORDER BY s.id)
            FROM shop s WHERE s.town_twin = t.twin))::text
FROM town t
