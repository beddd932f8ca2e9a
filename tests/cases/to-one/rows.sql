INSERT INTO publisher SELECT n, 'publisher ' || n, chr(64 + n) || 'X' FROM generate_series(1, 4) n;
INSERT INTO book SELECT n, 'book ' || n, nullif(n % 5, 0) FROM generate_series(1, 10) n;
INSERT INTO cover SELECT n, n, 'colour ' || n FROM generate_series(1, 7) n;
INSERT INTO cover VALUES (8, NULL, 'of no book');
