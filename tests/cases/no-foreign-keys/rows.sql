INSERT INTO species SELECT n, 'species ' || n % 4, 'family ' || n % 2 FROM generate_series(1, 5) n;
INSERT INTO species VALUES (9, NULL, NULL);
INSERT INTO unit SELECT n, 'species ' || n % 5, 'unit ' || n, n * 10 FROM generate_series(1, 9) n;
INSERT INTO unit VALUES (20, NULL, 'of no species', 0);
INSERT INTO structure SELECT n, n % 10 + 1, 'family ' || n % 3, 'structure ' || n FROM generate_series(1, 11) n;
