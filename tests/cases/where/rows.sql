INSERT INTO shop SELECT n, 'shop ' || n, CASE WHEN n % 3 = 0 THEN timestamp '2024-01-01' END FROM generate_series(1, 8) n;
INSERT INTO item SELECT n, nullif(n % 9, 0), 'item ' || n, 'kind ' || n % 3,
  CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '{"state": "hidden"}' WHEN 2 THEN '{"state": "open"}' ELSE '{}' END::jsonb,
  CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN true ELSE false END
  FROM generate_series(1, 24) n;
INSERT INTO tag SELECT n, 'tag ' || n, nullif(n % 4, 0) FROM generate_series(1, 6) n;
INSERT INTO item_tag SELECT DISTINCT n * 5 % 24 + 1, n % 6 + 1 FROM generate_series(1, 40) n;
INSERT INTO note SELECT n, nullif(n % 12, 0) + 1, CASE n % 3 WHEN 0 THEN NULL ELSE 'note ' || n END FROM generate_series(1, 20) n;
