INSERT INTO thing SELECT n, 'a ' || n, 'b ' || n, n, n * 2 FROM generate_series(1, 5) n;
INSERT INTO part SELECT n, n % 4 + 1, 'a ' || n, 'b ' || n FROM generate_series(1, 9) n;
INSERT INTO owner SELECT n, n, 'a ' || n FROM generate_series(1, 3) n;
