-- index: partitioned
SELECT s.id || '|' || replace(replace(s.region, '\', '\\'), '|', '\|'), json_build_object('id', s.id, 'region', s.region, 'name', s.name,
  'measures', (SELECT json_agg(json_build_object('day', m.day, 'value', m.value) ORDER BY m.day, m.id)
               FROM measure m WHERE (m.sensor_id, m.region) = (s.id, s.region)),
  'labels', (SELECT json_agg(l.text ORDER BY l.id, l.kind) FROM labelled x JOIN label l ON (l.id, l.kind) = (x.label_id, x.label_kind)
             WHERE (x.sensor_id, x.region) = (s.id, s.region)))::text
FROM sensor s
