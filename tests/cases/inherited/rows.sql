INSERT INTO item (id, title) SELECT n, 'item ' || n FROM generate_series(1, 3) n;
INSERT INTO book (id, kind, title, pages) SELECT n, 'book', 'book ' || n, n * 100 FROM generate_series(1, 3) n;
INSERT INTO novel (id, kind, title, pages) SELECT n, 'novel', 'novel ' || n, n * 150 FROM generate_series(2, 4) n;
INSERT INTO remark SELECT n, n % 4 + 1, (ARRAY['plain', 'book', 'novel'])[n % 3 + 1]::kind, 'remark ' || n FROM generate_series(1, 12) n;
INSERT INTO remark_kept SELECT n, n % 4 + 1, (ARRAY['plain', 'book', 'novel'])[n % 3 + 1]::kind, 'kept ' || n, '2026-01-01'
FROM generate_series(13, 20) n;
INSERT INTO shelf SELECT n, 'shelf ' || n FROM generate_series(1, 4) n;
INSERT INTO placed SELECT n % 4 + 1, (ARRAY['plain', 'book', 'novel'])[n % 3 + 1]::kind, n % 4 + 1 FROM generate_series(1, 7) n;
INSERT INTO placed_before SELECT n % 3 + 1, (ARRAY['plain', 'book', 'novel'])[n % 3 + 1]::kind, n % 4 + 1 FROM generate_series(8, 12) n;
