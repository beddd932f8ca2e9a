INSERT INTO account SELECT n, 'account ' || n FROM generate_series(1, 6) n;
INSERT INTO entry SELECT n % 5 + 1, date '2022-01-01' + n % 3, n % 2, 'note ' || n % 4 FROM generate_series(1, 20) n;
INSERT INTO entry VALUES (1, NULL, 5, NULL), (1, NULL, 5, NULL), (NULL, '2022-01-01', 1, 'of no account');
INSERT INTO tag SELECT n % 4 + 1, 'tag ' || n % 3 FROM generate_series(1, 12) n;
