INSERT INTO circle (id, radius, name) SELECT n, n / 2.0, 'circle ' || n FROM generate_series(1, 6) n;
INSERT INTO circle (id) VALUES (7);
INSERT INTO mark (id, circle_id, x, y) SELECT n, n % 6 + 1, n, n % 4 FROM generate_series(1, 14) n;
