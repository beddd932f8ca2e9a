INSERT INTO sensor SELECT 'sensor ' || n FROM generate_series(1, 6) n;
INSERT INTO reading SELECT n, CASE WHEN n % 5 > 0 THEN 'sensor ' || n % 5 END, n / 4.0, n / 8.0 FROM generate_series(1, 19) n;
INSERT INTO reading VALUES (30, 'sensor 3', NULL, NULL), (31, 'sensor 5', 0.1, '-0'), (32, 'sensor 5', 0.7, 0.125);
