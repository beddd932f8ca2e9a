INSERT INTO owner SELECT n, 'owner ' || n FROM generate_series(1, 5) n;
INSERT INTO thing SELECT n, n % 5 + 1, CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'a,"b\' ELSE 'r' || n END, 'note ' || n FROM generate_series(1, 12) n;
INSERT INTO part SELECT n, n % 12 + 1, 'part ' || n FROM generate_series(1, 14) n;
