INSERT INTO shop SELECT n, 'shop ' || n FROM generate_series(1, 6) n;
INSERT INTO kind SELECT n, 'kind ' || n FROM generate_series(1, 3) n;
INSERT INTO item SELECT n, nullif(n % 7, 0), nullif(n % 4, 0), 'item ' || n,
  CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN true ELSE false END FROM generate_series(1, 20) n;
INSERT INTO tag SELECT n, 'tag ' || n FROM generate_series(1, 4) n;
INSERT INTO shop_tag SELECT DISTINCT n * 5 % 6 + 1, n % 4 + 1 FROM generate_series(1, 14) n;
