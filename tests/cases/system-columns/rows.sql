INSERT INTO shelf SELECT n, 'shelf ' || n, n FROM generate_series(1, 3) n;
INSERT INTO item SELECT n, 'item ' || n, n % 3 + 1 FROM generate_series(1, 6) n;
