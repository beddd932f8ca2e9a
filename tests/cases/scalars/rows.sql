INSERT INTO kind SELECT n, 'kind ' || n, n * n FROM generate_series(1, 3) n;
INSERT INTO kind VALUES (4, NULL, NULL);
INSERT INTO book SELECT n, 'book ' || n, nullif(n % 5, 0) FROM generate_series(1, 9) n;
INSERT INTO price SELECT n % 7 + 1, date '2020-01-01' + n, n / 4.0, json_build_object('n', n)::jsonb FROM generate_series(1, 15) n;
INSERT INTO price VALUES (1, '2019-01-01', NULL, 'null');
