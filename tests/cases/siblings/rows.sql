INSERT INTO team SELECT n, 'team ' || n FROM generate_series(1, 4) n;
INSERT INTO player SELECT n, 'player ' || n, n * 7 % 12, nullif(n % 5, 0) FROM generate_series(1, 12) n;
INSERT INTO lent SELECT n, n % 4 + 1, n * 5 % 12 + 1 FROM generate_series(1, 8) n;
