INSERT INTO author (code, handle, state, born, long) SELECT 'a' || repeat('x', n % 3) || n,
  CASE n % 3 WHEN 0 THEN 'Ann' WHEN 1 THEN 'aNN' ELSE 'bob' END, CASE n % 2 WHEN 0 THEN 'open' ELSE 'closed' END::state,
  date '1990-01-01' + n * 400, CASE n % 2 WHEN 0 THEN NULL ELSE repeat(md5(n::text), 300) END FROM generate_series(1, 8) n;
INSERT INTO book SELECT 'b' || n, 'title ' || n, CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN '{new,old}' ELSE '{"it''s"}' END::text[],
  n * 1.5 FROM generate_series(1, 10) n;
INSERT INTO book_author SELECT DISTINCT 'b' || n % 10 + 1, (SELECT code FROM author WHERE code LIKE '%' || n * 3 % 8 + 1) FROM generate_series(1, 24) n;
INSERT INTO line SELECT code, n, CASE n WHEN 2 THEN '10% off' ELSE 'line ' || n END FROM author, generate_series(1, 3) n;
