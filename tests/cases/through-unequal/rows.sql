INSERT INTO seat SELECT 'hall ' || n % 2, n, 'colour ' || n % 3 FROM generate_series(1, 7) n;
INSERT INTO guest SELECT n, 'guest ' || n FROM generate_series(1, 5) n;
INSERT INTO price SELECT n, n * 2.5 FROM generate_series(1, 4) n;
INSERT INTO ticket SELECT n, m, 'hall ' || m % 2, n % 5 + 1 FROM (SELECT n, n % 7 + 1 AS m FROM generate_series(1, 10) n) x;
INSERT INTO ticket VALUES (20, 1, NULL, 1), (21, 1, 'hall 1', NULL);
INSERT INTO seat_price SELECT 'hall ' || m % 2, m, n % 4 + 1 FROM (SELECT n, n % 6 + 1 AS m FROM generate_series(1, 9) n) x;
INSERT INTO seat_price VALUES ('hall 9', 9, 1), ('hall 1', 1, NULL), (NULL, 1, 1);
