-- index: aggregate_floats
SELECT s.code, json_build_object('code', s.code, 'readings', (SELECT json_build_object('share', avg(r.share), 'score', avg(r.score),
    'least', min(r.share)) FROM reading r WHERE r.sensor = s.code))::text
FROM sensor s
