INSERT INTO person SELECT n, 'person ' || n, nullif(n / 2, 0) FROM generate_series(1, 14) n;
INSERT INTO person VALUES (20, 'its own parent', 20);
