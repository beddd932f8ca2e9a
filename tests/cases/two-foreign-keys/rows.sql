INSERT INTO person SELECT n, 'person ' || n FROM generate_series(1, 6) n;
INSERT INTO letter SELECT n, n % 5 + 1, nullif(n * 2 % 7, 0), 'letter ' || n FROM generate_series(1, 12) n;
UPDATE person SET favourite_id = id * 2 WHERE id < 5;
