INSERT INTO article SELECT n, 'title ' || n, CASE n % 3 WHEN 0 THEN 'draft' WHEN 1 THEN 'public' END, n FROM generate_series(1, 8) n;
INSERT INTO comment SELECT n, n % 8 + 1, 'comment ' || n FROM generate_series(1, 12) n;
