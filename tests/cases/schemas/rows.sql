INSERT INTO upper_one.thing SELECT n, 'upper ' || n FROM generate_series(1, 6) n;
INSERT INTO "Lower One".thing SELECT n, nullif(n % 6, 0), 'lower ' || n FROM generate_series(1, 11) n;
