INSERT INTO category SELECT n, 'category ' || n FROM generate_series(1, 4) n;
INSERT INTO product SELECT n, 'product ' || n, n * 9.99, n % 4 + 1 FROM generate_series(1, 8) n;
INSERT INTO stock SELECT n, n * 3, 'place ' || n % 2, n % 7 + 1 FROM generate_series(1, 11) n;
