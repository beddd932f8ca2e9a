INSERT INTO author SELECT n, 'author ' || n FROM generate_series(1, 4) n;
INSERT INTO book SELECT n, 'book ' || n, n * 100, nullif(n % 5, 0) FROM generate_series(1, 8) n;
INSERT INTO loan SELECT n, n % 7 + 1, 'reader ' || n FROM generate_series(1, 10) n;
