INSERT INTO city SELECT 'land ' || n % 3, 'town ' || n, n * 1000 FROM generate_series(1, 7) n;
INSERT INTO firm SELECT 'code ' || n % 2, n, 'firm ' || n FROM generate_series(1, 5) n;
INSERT INTO office SELECT n, 'town ' || m, 'land ' || m % 3, f, 'code ' || f % 2
  FROM (SELECT n, n % 6 + 1 AS m, n * 3 % 5 + 1 AS f FROM generate_series(1, 14) n) x;
INSERT INTO office VALUES (50, 'nowhere', NULL, 1, 'code 1');
INSERT INTO road SELECT n, 'land ' || a % 3, 'town ' || a, 'land ' || b % 3, 'town ' || b
  FROM (SELECT n, n % 7 + 1 AS a, n * 4 % 7 + 1 AS b FROM generate_series(1, 12) n) x;
