INSERT INTO district SELECT n, 'district ' || n, gis.ST_MakeEnvelope(n, n, n + 0.5, n + 1.25, 4326) FROM generate_series(1, 4) n;
INSERT INTO district VALUES (5, 'unknown', NULL);
INSERT INTO place
SELECT n, 'place ' || n, CASE WHEN n % 5 > 0 THEN gis.ST_SetSRID(gis.ST_MakePoint(n + 0.5, -n - 0.125), 4326) END,
  CASE n % 3 WHEN 0 THEN gis.ST_MakeLine(gis.ST_MakePoint(n, 1), gis.ST_MakePoint(n, 2.5)) WHEN 1 THEN gis.ST_MakePoint(n, n, 7.5) END,
  CASE WHEN n % 4 > 0 THEN 1 + n % 5 END
FROM generate_series(1, 9) n;
