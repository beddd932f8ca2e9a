INSERT INTO sensor SELECT n, (ARRAY['north', 'south', 'east', 'west'])[n % 4 + 1], 'sensor ' || n FROM generate_series(1, 8) n;
INSERT INTO label SELECT n, 'kind ' || n % 2, 'label ' || n FROM generate_series(1, 4) n;
INSERT INTO measure SELECT n, n * 3, s.id, s.region, n * 10 FROM generate_series(1, 16) n JOIN sensor s ON s.id = n % 8 + 1;
INSERT INTO labelled SELECT s.id, s.region, l.id, l.kind FROM sensor s JOIN label l ON l.id = s.id % 4 + 1 OR (l.id = 1 AND s.id < 5);
