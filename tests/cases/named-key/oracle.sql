-- index: named_key
SELECT replace(replace(r.station, '\', '\\'), '|', '\|') || '|' || r.hour, json_build_object('value', r.value, 'alarms',
  (SELECT json_agg(a.text ORDER BY a.level) FROM alarm a WHERE a.hour = r.hour AND a.station = r.station))::text
FROM reading r
