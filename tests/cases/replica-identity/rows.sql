INSERT INTO ship SELECT n, 'ship ' || n, 'flag ' || n % 2 FROM generate_series(1, 4) n;
INSERT INTO cabin SELECT n, n % 4 + 1, n * 10, 'deck ' || n % 3 FROM generate_series(1, 8) n;
INSERT INTO passenger SELECT n, n + 100, nullif(n % 9, 0), 'passenger ' || n FROM generate_series(1, 11) n;
