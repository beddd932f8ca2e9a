INSERT INTO parent SELECT n, 'parent ' || n FROM generate_series(1, 3) n;
INSERT INTO surrogate SELECT n, n % 3 + 1 FROM generate_series(1, 6) n;
INSERT INTO child SELECT n, 'child ' || n, n * 3 % 4 + 1 FROM generate_series(1, 4) n;
INSERT INTO grand_child SELECT n, 'grand child ' || n, n % 4 + 1 FROM generate_series(1, 6) n;
INSERT INTO great_grand_child SELECT n, 'great grand child ' || n, n % 5 + 1 FROM generate_series(1, 7) n;
INSERT INTO last_child SELECT n, 'last child ' || n, n % 6 + 1 FROM generate_series(1, 9) n;
