INSERT INTO country SELECT n, 'country ' || n FROM generate_series(1, 3) n;
INSERT INTO city SELECT n, 'city ' || n, n % 3 + 1 FROM generate_series(1, 6) n;
INSERT INTO street SELECT n, 'street ' || n, n % 5 + 1 FROM generate_series(1, 9) n;
INSERT INTO owner SELECT n, 'owner ' || n FROM generate_series(1, 4) n;
INSERT INTO house SELECT n, n || 'a', n % 8 + 1, nullif(n % 4, 0) FROM generate_series(1, 12) n;
INSERT INTO pet SELECT n, 'pet ' || n, n % 3 + 1 FROM generate_series(1, 6) n;
INSERT INTO toy SELECT n, 'toy ' || n, n % 5 + 1 FROM generate_series(1, 8) n;
