-- index: through_directions_stores
SELECT s.id::text, jsonb_build_object('id', s.id, 'name', s.name,
  'warehouse', (SELECT jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name) ORDER BY w.id)
     FROM region r JOIN warehouse w ON (w.country, w.region) = (r.country, r.number)
     WHERE (r.country, r.number) = (s.country, s.region)),
  'suppliers', (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.code)
     FROM region r JOIN supplier p ON p.code = r.supplier
     WHERE (r.country, r.number) = (s.country, s.region)))::text
FROM store s
-- index: through_directions_suppliers
SELECT p.code, (to_jsonb(p) || jsonb_build_object(
  'stores', (SELECT jsonb_agg(s.name ORDER BY s.id)
     FROM region r JOIN store s ON (s.country, s.region) = (r.country, r.number) WHERE r.second = p.code),
  'warehouses', (SELECT jsonb_agg(jsonb_build_object('id', w.id,
       'beside', (SELECT jsonb_agg(s.id ORDER BY s.id)
          FROM region i JOIN store s ON (s.country, s.region) = (i.country, i.number)
          WHERE (i.country, i.number) = (w.country, w.region))) ORDER BY w.id)
     FROM region r JOIN warehouse w ON (w.country, w.region) = (r.country, r.number) WHERE r.supplier = p.code)))::text
FROM supplier p
