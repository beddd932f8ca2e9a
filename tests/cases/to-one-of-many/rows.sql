INSERT INTO machine SELECT n, 'machine ' || n FROM generate_series(1, 5) n;
INSERT INTO state SELECT timestamp '2020-01-01' + n * interval '1 day', 20 - n, n % 4 + 1, 'state ' || n FROM generate_series(1, 12) n;
INSERT INTO cause SELECT 'cause ' || n, 20 - n % 6, 'text ' || n FROM generate_series(1, 10) n;
