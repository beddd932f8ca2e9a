INSERT INTO city SELECT n, 'city ' || n FROM generate_series(1, 3) n;
INSERT INTO team SELECT n, 'team ' || n, nullif(n % 4, 0) FROM generate_series(1, 7) n;
INSERT INTO player SELECT n, nullif(n % 6, 0), CASE WHEN n % 6 <> 5 THEN n % 9 END, 'player ' || n, n % 3 = 0 FROM generate_series(1, 25) n;
INSERT INTO sponsor SELECT n, 'sponsor ' || n, CASE WHEN n < 5 THEN n * 10.5 END FROM generate_series(1, 5) n;
INSERT INTO team_sponsor SELECT DISTINCT n % 5 + 1, n * 2 % 5 + 1 FROM generate_series(1, 12) n;
