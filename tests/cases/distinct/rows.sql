INSERT INTO town SELECT l, n, 'town ' || l || n FROM generate_series(1, 2) l, generate_series(1, 2) n;
INSERT INTO house SELECT n, CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN 'Main' WHEN 2 THEN 'MAIN' WHEN 3 THEN 'lane' ELSE 'Lane' END,
  CASE WHEN n % 7 > 0 THEN n % 3 END, date '2026-01-01' + n % 4, CASE WHEN n % 2 = 0 THEN 1.50 ELSE 1.5 END + n % 3, n % 4 = 0,
  n % 2 + 1, n % 3, NULL FROM generate_series(1, 30) n WHERE n % 3 > 0;
UPDATE house SET beside = id - 3 WHERE id > 3 AND id % 2 = 0;
INSERT INTO style SELECT n, 'style ' || n % 3, CASE WHEN n % 4 > 0 THEN n % 2 END FROM generate_series(1, 8) n;
INSERT INTO house_style SELECT h.id, s.id FROM house h, style s WHERE (h.id + s.id) % 3 > 0;
