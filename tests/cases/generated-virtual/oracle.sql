-- index: generated_virtual
SELECT p.id::text, json_build_object('name', p.name, 'area', p.area,
  'lengths', (SELECT json_agg(f.length ORDER BY f.id) FROM fence f WHERE f.parcel_id = p.id))::text
FROM parcel p
