INSERT INTO host SELECT n, 'host' || n || '@example.org', date '2015-01-01' + n FROM generate_series(1, 3) n;
INSERT INTO city SELECT n, 'city ' || n, 'C' || n FROM generate_series(1, 3) n;
INSERT INTO home SELECT n, 'home ' || n, n % 3 + 1, nullif(n % 4, 0) FROM generate_series(1, 6) n;
INSERT INTO guest SELECT n, 'guest ' || n FROM generate_series(1, 4) n;
INSERT INTO stay SELECT n, n % 4 + 1, n % 6 + 1, date '2021-05-01' + n, date '2021-05-04' + n, n * 50.5 FROM generate_series(1, 8) n;
INSERT INTO opinion SELECT n, n, n % 5 + 1, 'opinion ' || n FROM generate_series(1, 6) n;
