INSERT INTO client SELECT n, 'client ' || n FROM generate_series(1, 8) n;
INSERT INTO invoice SELECT 2019 + n % 3, n, n % 8 + 1, 'invoice ' || n FROM generate_series(1, 10) n;
INSERT INTO line SELECT n, 2019 + m % 3, m, n / 2.0 FROM (SELECT n, n % 10 + 1 AS m FROM generate_series(1, 14) n) x;
