INSERT INTO account SELECT n, CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'region ' || n % 4 END, CASE n % 3 WHEN 0 THEN NULL ELSE 'state ' || n % 3 END FROM generate_series(1, 12) n;
INSERT INTO entry SELECT n, nullif(n % 13, 0), 'entry ' || n FROM generate_series(1, 20) n;
