INSERT INTO book SELECT 'isbn-' || n, 'book ' || n FROM generate_series(1, 8) n;
INSERT INTO review SELECT 30 - n, 'isbn-' || (n % 7 + 1), n % 5, 'review ' || n FROM generate_series(1, 16) n;
INSERT INTO review VALUES (100, NULL, 1, 'of no book');
