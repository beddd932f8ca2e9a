INSERT INTO publisher SELECT n, 'publisher ' || n FROM generate_series(1, 3) n;
INSERT INTO book SELECT n, 'book ' || n, n % 3 + 1 FROM generate_series(1, 6) n;
INSERT INTO author SELECT n, 'author ' || n FROM generate_series(1, 4) n;
INSERT INTO book_author SELECT DISTINCT n % 5 + 1, n % 4 + 1 FROM generate_series(1, 9) n;
INSERT INTO review SELECT n, n % 6 + 1, 'review ' || n FROM generate_series(1, 8) n;
