INSERT INTO customer SELECT n, nullif('first ' || n, 'first 3'), 'last ' || n, date '1970-01-01' + n * 400,
  CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN '{"plan": "gold"}' ELSE '{"plan": 7}' END::jsonb FROM generate_series(1, 8) n;
INSERT INTO invoice SELECT n, nullif(n % 9, 0), n * 1.25, CASE n % 4 WHEN 0 THEN NULL ELSE n % 4 END, n % 5, n % 3 = 0
  FROM generate_series(1, 24) n;
INSERT INTO address SELECT n, 'street ' || n, CASE WHEN n % 2 = 0 THEN 'town ' || n END FROM generate_series(1, 6) n;
INSERT INTO tag SELECT n, 'tag ' || n, nullif(n % 4, 0) FROM generate_series(1, 6) n;
INSERT INTO customer_tag SELECT DISTINCT n * 3 % 8 + 1, n % 6 + 1 FROM generate_series(1, 20) n;
