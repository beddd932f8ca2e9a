INSERT INTO shop SELECT n, 'shop ' || n FROM generate_series(1, 4) n;
INSERT INTO sale SELECT n, CASE WHEN n % 4 > 0 THEN n % 3 END, 'note ' || n, CASE WHEN n % 5 > 0 THEN date '2026-01-01' + n % 7 END, n % 3 + 1
  FROM generate_series(1, 18) n;
INSERT INTO item SELECT n, 'item ' || n, CASE WHEN n % 3 > 0 THEN n % 2 END FROM generate_series(1, 6) n;
INSERT INTO shop_item SELECT s, i FROM generate_series(1, 3) s, generate_series(1, 6) i WHERE (s + i) % 4 > 0;
INSERT INTO part SELECT n, 'part ' || n, n % 6 + 1 FROM generate_series(1, 12) n;
