INSERT INTO book SELECT n, 'book ' || n FROM generate_series(1, 6) n;
INSERT INTO people.author SELECT n, 'author ' || n FROM generate_series(1, 5) n;
INSERT INTO joins.book_author SELECT n, n % 5 + 1, n * 3 % 5 + 1 FROM generate_series(1, 9) n;
