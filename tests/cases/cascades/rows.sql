INSERT INTO zone SELECT n, 'zone ' || n FROM generate_series(1, 4) n;
INSERT INTO route SELECT n, n % 4 + 1, 2, 'route ' || n FROM generate_series(1, 6) n;
INSERT INTO stop SELECT r, n, 'stop ' || r || ' ' || n FROM generate_series(1, 6) r, generate_series(1, 2) n;
INSERT INTO bench SELECT n, n % 6 + 1, n % 2 + 1, 'colour ' || n FROM generate_series(1, 10) n;
